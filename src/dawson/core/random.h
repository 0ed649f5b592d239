// Seeded randomness: the same seed gives the same numbers on every machine and library.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>

namespace dawson::core {

/// A stream of random numbers. The engine is std::mt19937_64, whose output the standard fixes;
/// the distributions are our own, since the standard's differ between libraries.
class Random {
 public:
  explicit Random(std::uint64_t seed) : seed_(seed), engine_(seed) {}

  /// An independent stream for `purpose` and `index`; does not advance this one.
  [[nodiscard]] Random stream(std::string_view purpose, std::uint64_t index = 0) const;

  std::uint64_t bits() { return engine_(); }
  /// Uniform in [0, 1).
  double uniform();
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform integer in [0, count); count > 0.
  std::uint64_t below(std::uint64_t count);
  /// Normal with the given mean and standard deviation (Box–Muller).
  double normal(double mean = 0, double deviation = 1);
  /// True with this probability.
  bool chance(double probability) { return uniform() < probability; }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

 private:
  std::uint64_t seed_;
  std::mt19937_64 engine_;
};

}  // namespace dawson::core
