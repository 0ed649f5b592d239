#include "dawson/core/random.h"

#include <cmath>
#include <numbers>

namespace dawson::core {
namespace {

// splitmix64 finaliser (Steele et al., 2014): spreads nearby seeds apart.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

}  // namespace

Random Random::stream(std::string_view purpose, std::uint64_t index) const {
  std::uint64_t h = mix(seed_);
  for (const char c : purpose) h = mix(h ^ static_cast<unsigned char>(c));
  return Random(mix(h ^ mix(index)));
}

double Random::uniform() {
  return static_cast<double>(engine_() >> 11U) * 0x1.0p-53;
}

std::uint64_t Random::below(std::uint64_t count) {
  const std::uint64_t limit = ~std::uint64_t{0} - ~std::uint64_t{0} % count;
  std::uint64_t x = engine_();
  while (x >= limit) x = engine_();
  return x % count;
}

double Random::normal(double mean, double deviation) {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return mean + deviation * radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace dawson::core
