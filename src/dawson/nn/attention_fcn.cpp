// The attention-gated fully convolutional network, over either encoder (docs/networks.md).
#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/nn/blocks.h"
#include "dawson/nn/mobilenet_v2.h"
#include "dawson/nn/networks.h"

namespace dawson::nn {
namespace {

// Log-odds that a pixel is lesion before anything is seen: about 1.8 %, near the share of lesion in
// brain (1:60 to 1:600), so that the first steps do not go into finding that out (Lin et al. 2017).
constexpr double prior_log_odds = -4;
constexpr int most_channels = 256;
constexpr int most_mobilenet_channels = 96;  // the coarsest skip of that encoder has as many

NodeId head(Graph& graph, NodeId x) {
  return graph.add(
      "head", "convolution", {x},
      {{"channels", 1}, {"kernel", 1}, {"before", "linear"}, {"initial_bias", prior_log_odds}});
}

NodeId dropout(Graph& graph, NodeId x, double probability) {
  if (probability <= 0) return x;
  return graph.add("dropout", "dropout", {x}, {{"probability", probability}, {"spatial", true}});
}

Graph over_light(const NetworkSettings& settings) {
  Graph graph;
  NodeId x = graph.input(settings.input_channels);
  std::vector<NodeId> skips;
  int channels = settings.width;
  for (int level = 0; level <= settings.levels; ++level) {
    const std::string name = "encoder." + std::to_string(level);
    if (level > 0) {
      skips.push_back(x);
      x = graph.add(name + ".pool", "max_pool", {x}, {{"size", 2}});
      channels = std::min(2 * channels, std::max(most_channels, settings.width));
    }
    x = residual_pair(graph, name, x, channels);
  }
  x = dropout(graph, x, settings.dropout);
  for (int level = settings.levels - 1; level >= 0; --level) {
    const NodeId skip = skips[static_cast<std::size_t>(level)];
    x = decoder_level(graph, "decoder." + std::to_string(level), x, skip, graph.channels(skip));
  }
  head(graph, x);
  return graph;
}

Graph over_mobilenet(const NetworkSettings& settings) {
  Graph graph;
  const NodeId input = graph.input(settings.input_channels);
  std::vector<NodeId> skips = add_mobilenet_v2(graph, "encoder.", input).values;
  NodeId x = dropout(graph, skips.back(), settings.dropout);
  // The encoder begins with a stride of 2: the finest skip is a level of our own, since lesions of
  // a pixel or two would not survive without one.
  skips.back() = residual_pair(graph, "finest", input, settings.width);
  std::rotate(skips.begin(), skips.end() - 1, skips.end());
  for (int level = static_cast<int>(skips.size()) - 1; level >= 0; --level) {
    const int channels = std::min(settings.width << level, most_mobilenet_channels);
    x = decoder_level(graph, "decoder." + std::to_string(level), x,
                      skips[static_cast<std::size_t>(level)], channels);
  }
  head(graph, x);
  return graph;
}

}  // namespace

Graph attention_fcn(const NetworkSettings& settings) {
  const auto require = [](bool fits, const char* why) {
    if (!fits) throw Error(ExitCode::usage, why, "network settings");
  };
  require(settings.input_channels >= 1 && settings.input_channels <= 1024,
          "input channels must be 1 to 1024");
  require(settings.width >= 1 && settings.width <= 512, "width must be 1 to 512");
  require(settings.levels >= 1 && settings.levels <= 7, "levels must be 1 to 7");
  require(settings.dropout >= 0 && settings.dropout < 1, "dropout must be 0 to below 1");
  return settings.encoder == "mobilenet_v2" ? over_mobilenet(settings) : over_light(settings);
}

}  // namespace dawson::nn
