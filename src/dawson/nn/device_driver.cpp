#include "dawson/nn/device_driver.h"

#include <dlfcn.h>

#include <array>

namespace dawson::nn {
namespace {

// CUDA driver API reference manual, "Device Management", "Primary Context Management", "Memory
// Management". Every function returns 0 when all is well; handles of devices are numbers.
using Context = void*;
constexpr int attribute_major = 75;
constexpr int attribute_minor = 76;

class Driver {
 public:
  explicit Driver(const char* name) : library_(dlopen(name, RTLD_NOW | RTLD_LOCAL)) {}

  /// Whether the function is there and returns 0.
  template <typename... Arguments>
  [[nodiscard]] bool call(const char* function, Arguments... arguments) const {
    if (library_ == nullptr) return false;
    const auto found = reinterpret_cast<int (*)(Arguments...)>(dlsym(library_, function));
    return found != nullptr && found(arguments...) == 0;
  }

 private:
  void* library_;  // stays: libtorch uses the same one
};

/// Free memory is asked of a context: the one that libtorch works in, the device's primary one.
bool ask_memory(const Driver& driver, int device, GpuFacts& facts) {
  Context context = nullptr;
  if (!driver.call("cuDevicePrimaryCtxRetain", &context, device)) return false;
  std::size_t free = 0, total = 0;
  bool known = driver.call("cuCtxPushCurrent_v2", context);
  if (known) {
    known = driver.call("cuMemGetInfo_v2", &free, &total);
    Context popped = nullptr;
    known = driver.call("cuCtxPopCurrent_v2", &popped) && known;
  }
  facts.free_bytes = static_cast<std::int64_t>(free);
  return driver.call("cuDevicePrimaryCtxRelease_v2", device) && known;
}

}  // namespace

std::optional<GpuFacts> ask_driver(int index, const char* name) {
  const Driver driver(name);
  int device = 0;
  if (!driver.call("cuInit", 0U) || !driver.call("cuDeviceGet", &device, index)) return {};
  GpuFacts facts;
  std::array<char, 256> text{};
  const bool known =
      driver.call("cuDeviceGetName", text.data(), static_cast<int>(text.size()) - 1, device) &&
      driver.call("cuDeviceGetAttribute", &facts.major, attribute_major, device) &&
      driver.call("cuDeviceGetAttribute", &facts.minor, attribute_minor, device);
  if (!known || !ask_memory(driver, device, facts)) return {};
  facts.name = text.data();
  return facts;
}

}  // namespace dawson::nn
