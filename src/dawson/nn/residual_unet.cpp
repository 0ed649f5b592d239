// The U-Net of residual units (docs/networks.md).
#include <algorithm>

#include "dawson/nn/blocks.h"
#include "dawson/nn/networks.h"

namespace dawson::nn {
namespace {

NodeId first_unit(Graph& graph, const std::string& name, NodeId x, int channels) {
  return preactivation_unit(graph, name, x, channels, 1, /*first_unit=*/true);
}

/// The network's own encoder: a stride of 2 in each unit's first convolution takes the place of
/// pooling (Zhang et al. 2018, section II-B).
EncoderLevels own_encoder(Graph& graph, const NetworkSettings& settings, NodeId x) {
  constexpr int most_channels = 256;
  EncoderLevels levels;
  int channels = settings.width;
  for (int level = 0; level <= settings.levels; ++level) {
    const std::string name = "encoder." + std::to_string(level);
    if (level == 0) {
      x = first_unit(graph, name, x, channels);
    } else {
      channels = std::min(2 * channels, std::max(most_channels, settings.width));
      x = preactivation_unit(graph, name, x, channels, 2);
    }
    levels.values.push_back(x);
    levels.strides.push_back(1 << level);
  }
  return levels;
}

}  // namespace

Graph residual_unet(const NetworkSettings& settings) {
  Graph graph;
  const NodeId input = graph.input(settings.input_channels);
  const EncoderLevels levels = settings.encoder == "light" ? own_encoder(graph, settings, input)
                                                           : add_encoder(graph, settings, input);
  const DecoderStart start = start_decoder(graph, settings, levels, first_unit);
  NodeId x = start.coarsest;
  for (std::size_t level = start.skips.size(); level-- > 0;) {
    const std::string name = "decoder." + std::to_string(level);
    const NodeId up = graph.add(name + ".up", "transposed_convolution", {x},
                                {{"channels", start.channels[level]}, {"kernel", 2}});
    x = graph.add(name + ".join", "concatenate", {up, start.skips[level]});
    x = preactivation_unit(graph, name, x, start.channels[level], 1);
  }
  head(graph, x);
  return graph;
}

}  // namespace dawson::nn
