// ImageNet weights put into a network's encoder.
#include <map>

#include "dawson/core/error.h"
#include "dawson/nn/networks.h"
#include "dawson/nn/safetensors.h"

namespace dawson::nn {
namespace {

const std::string prefix = "encoder.";

/// RGB weights [O,3,k,k] for `channels` scans [O,channels,k,k].
///
/// ImageNet's networks take −1 … 1, and a grey value v on R, G and B has the response v·Σ_rgb W.
/// Our channels are standardised to a deviation near 1, so that ± 2 is what − 1 … 1 was: v = x / 2.
/// Each channel gets an equal share; all channels alike, together they respond as to one grey
/// picture. The zeros of the padding are mid-grey there as here.
at::Tensor for_channels(const at::Tensor& rgb, std::int64_t channels) {
  constexpr double input_scale = 0.5;
  return rgb.sum(at::IntArrayRef{1}, /*keepdim=*/true)
      .mul(input_scale / static_cast<double>(channels))
      .repeat({1, channels, 1, 1});
}

}  // namespace

void load_encoder(Graph& graph, const NetworkSettings& settings,
                  const std::filesystem::path& weights) {
  if (settings.encoder != "mobilenet_v2") {
    throw Error(ExitCode::model, "the encoder \"" + settings.encoder + "\" has no ImageNet weights",
                weights.string(), "use the encoder \"mobilenet_v2\" or train without weights");
  }
  const Tensors stored = read_safetensors(weights);
  const std::string first = prefix + "features.0.0.weight";
  const at::NoGradGuard no_gradient;
  int found = 0;
  for (const auto& [name, own] : graph.tensors()) {
    if (name.rfind(prefix + "features.", 0) != 0) continue;
    const auto item = stored.find(name.substr(prefix.size()));
    if (item == stored.end()) {
      throw Error(ExitCode::model, "tensor " + name.substr(prefix.size()) + " is missing",
                  weights.string());
    }
    at::Tensor value = item->second;
    if (name == first && value.dim() == 4 && value.size(1) == 3) {
      value = for_channels(value, own.size(1));
    }
    if (value.sizes() != own.sizes()) {
      throw Error(ExitCode::model,
                  "tensor " + item->first + " has another shape than the encoder's",
                  weights.string());
    }
    own.copy_(value);
    ++found;
  }
  if (found == 0) {
    throw Error(ExitCode::model, "the network has no encoder for these weights", weights.string());
  }
}

}  // namespace dawson::nn
