// The attention-gated fully convolutional network (docs/networks.md).
#include "dawson/nn/blocks.h"
#include "dawson/nn/networks.h"

namespace dawson::nn {

Graph attention_fcn(const NetworkSettings& settings) {
  Graph graph;
  const NodeId input = graph.input(settings.input_channels);
  const EncoderLevels levels = add_encoder(graph, settings, input);
  const DecoderStart start = start_decoder(graph, settings, levels, residual_pair);
  NodeId x = start.coarsest;
  for (std::size_t level = start.skips.size(); level-- > 0;) {
    x = decoder_level(graph, "decoder." + std::to_string(level), x, start.skips[level],
                      start.channels[level]);
  }
  head(graph, x);
  return graph;
}

}  // namespace dawson::nn
