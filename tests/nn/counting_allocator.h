// Counts the bytes that tensors take from the CPU's allocator while it lives.
#pragma once

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <unordered_map>

namespace dawson::nn {

class CountingAllocator final : public c10::Allocator {
 public:
  CountingAllocator() : inner_(c10::GetCPUAllocator()) { c10::SetCPUAllocator(this, 255); }
  ~CountingAllocator() override { c10::SetCPUAllocator(inner_, 255); }
  CountingAllocator(const CountingAllocator&) = delete;
  CountingAllocator& operator=(const CountingAllocator&) = delete;

  c10::DataPtr allocate(std::size_t bytes) const override {
    // oneDNN takes and gives back bare pointers: the context has to be the memory itself.
    void* data = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
    const std::lock_guard<std::mutex> lock(guard);
    sizes[data] = static_cast<std::int64_t>(bytes);
    alive += static_cast<std::int64_t>(bytes);
    peak = std::max(peak, alive);
    return {data, data, &release, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  // Static, because tensors may outlive the allocator that they were made by.
  static inline std::int64_t alive = 0;
  static inline std::int64_t peak = 0;
  static void start_again() { peak = alive; }

 private:
  static void release(void* data) {
    const std::lock_guard<std::mutex> lock(guard);
    const auto found = sizes.find(data);
    if (found == sizes.end()) return;  // nothing was asked for
    alive -= found->second;
    sizes.erase(found);
    std::free(data);
  }
  static inline std::mutex guard;
  static inline std::unordered_map<void*, std::int64_t> sizes;
  c10::Allocator* inner_;
};

}  // namespace dawson::nn
