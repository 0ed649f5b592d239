#include "dawson/nn/encoder_weights.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/nn/encoders.h"
#include "dawson/nn/tensor_fit.h"
#include "dawson/nn/weights_file.h"

namespace dawson::nn {
namespace {

const std::string prefix = "encoder.";

bool begins_with(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}
bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// The encoder alone: its nodes and tensors are named as in the network.
Graph trunk_of(const Graph& graph, const NetworkSettings& settings) {
  Graph trunk;
  add_encoder(trunk, settings, trunk.input(graph.input_channels()));
  return trunk;
}

Tensors without_prefix(const Tensors& tensors) {
  Tensors renamed;
  for (const auto& [name, tensor] : tensors) renamed[name.substr(prefix.size())] = tensor;
  return renamed;
}

/// The weights of the convolution that reads the input, as the file names them.
std::string first_layer_of(const Graph& trunk) {
  return trunk.nodes().at(1).name.substr(prefix.size()) + ".weight";
}

/// Classifiers, counters of training steps, and MobileNetV2's last convolution, which stands
/// between the trunk's coarsest level and the classifier.
bool is_beyond_trunk(const std::string& name, const std::string& encoder) {
  return begins_with(name, "classifier.") || begins_with(name, "fc.") ||
         ends_with(name, ".num_batches_tracked") ||
         (begins_with(encoder, "mobilenet_v2") && begins_with(name, "features.18."));
}

Tensors trunk_tensors(const std::filesystem::path& weights, const std::string& encoder) {
  Tensors tensors = read_weights(weights);
  for (auto item = tensors.begin(); item != tensors.end();) {
    item = is_beyond_trunk(item->first, encoder) ? tensors.erase(item) : std::next(item);
  }
  return tensors;
}

bool has_norms(const Tensors& tensors) {
  return std::any_of(tensors.begin(), tensors.end(),
                     [](const auto& item) { return ends_with(item.first, ".running_mean"); });
}

/// The tensors of `graph` that the trunk has. They are shared: writing to them writes to the graph.
Tensors own_tensors(const Graph& graph, const Graph& trunk, const std::filesystem::path& weights) {
  const Tensors all = graph.tensors();
  Tensors own;
  for (const auto& item : trunk.tensors()) {
    const auto found = all.find(item.first);
    if (found == all.end()) {
      throw Error(ExitCode::model, "the network has no encoder for these weights",
                  weights.string());
    }
    own[item.first] = found->second;
  }
  return own;
}

}  // namespace

at::Tensor adapted_first_layer(const at::Tensor& weight, std::int64_t channels,
                               double input_scale) {
  return weight.sum(at::IntArrayRef{1}, /*keepdim=*/true)
      .mul(input_scale / static_cast<double>(channels))
      .repeat({1, channels, 1, 1});
}

double input_scale_of(const std::string& encoder) {
  return encoder == "mobilenet_v2_tf" ? 0.5 : 1.0;
}

void load_encoder(Graph& graph, const NetworkSettings& settings,
                  const std::filesystem::path& weights, const CalibrationSlices& calibration) {
  if (settings.encoder == "light") {
    throw Error(ExitCode::model, "the encoder \"light\" has no ImageNet weights", weights.string(),
                "choose another encoder or train without weights");
  }
  const Graph trunk = trunk_of(graph, settings);
  const Tensors own = own_tensors(graph, trunk, weights);
  Tensors stored = trunk_tensors(weights, settings.encoder);
  const auto first = stored.find(first_layer_of(trunk));
  if (first != stored.end() && first->second.dim() == 4 && first->second.size(1) == 3) {
    first->second = adapted_first_layer(first->second, graph.input_channels(),
                                        input_scale_of(settings.encoder));
  }
  const bool folded = has_norms(own) && !has_norms(stored);
  require_fit(without_prefix(folded ? trunk.folded().tensors() : own), stored, weights.string());
  Tensors named;
  for (const auto& [name, tensor] : stored) named[prefix + name] = tensor;
  if (folded) {
    if (!calibration) {
      throw Error(ExitCode::model,
                  "has its batch norms folded into the convolutions, and without slices to measure "
                  "they cannot be put back",
                  weights.string());
    }
    return restore_norms(graph, named, calibration());
  }
  const at::NoGradGuard no_gradient;
  for (const auto& [name, tensor] : own) tensor.copy_(named.at(name));
}

}  // namespace dawson::nn
