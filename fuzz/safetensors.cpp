// Weights: safetensors, and state dicts of PyTorch (a pickle, in a zip file or not).
#include "dawson/nn/safetensors.h"
#include "dawson/nn/weights_file.h"
#include "scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const dawson::fuzz::Scratch scratch;
  const auto file = scratch.write("weights", data, size);
  dawson::fuzz::refuse_or([&] { (void)dawson::nn::read_safetensors(file); });
  dawson::fuzz::refuse_or([&] { (void)dawson::nn::read_weights(file); });
  return 0;
}
