// Names of networks, and a graph from its settings.
#include "dawson/nn/networks.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/core/settings.h"

namespace dawson::nn {
namespace {

void require_known(const std::string& name, const std::vector<std::string>& known,
                   const char* what) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  std::string hint = core::suggestion(name, known);
  if (hint.empty()) {
    for (const std::string& one : known) hint += (hint.empty() ? "known are " : ", ") + one;
  }
  throw Error(ExitCode::usage, "there is no " + std::string(what) + " \"" + name + "\"", {}, hint);
}

void require_sense(const NetworkSettings& settings) {
  const auto require = [](bool fits, const char* why) {
    if (!fits) throw Error(ExitCode::usage, why, "network settings");
  };
  require(settings.input_channels >= 1 && settings.input_channels <= 1024,
          "input channels must be 1 to 1024");
  require(settings.width >= 1 && settings.width <= 512, "width must be 1 to 512");
  require(settings.levels >= 1 && settings.levels <= 7, "levels must be 1 to 7");
  require(settings.dropout >= 0 && settings.dropout < 1, "dropout must be 0 to below 1");
  require(!settings.fully_connected || settings.architecture == "fcn8s",
          "fully connected layers belong to fcn8s alone");
}

}  // namespace

std::vector<std::string> architecture_names() {
  return {"attention_fcn", "fcn8s", "residual_unet"};
}
std::vector<std::string> encoder_names() {
  return {"light", "mobilenet_v2", "mobilenet_v2_tf", "resnet18", "resnet50", "vgg16"};
}

Graph build_without_weights(const NetworkSettings& settings) {
  require_known(settings.architecture, architecture_names(), "architecture");
  require_known(settings.encoder, encoder_names(), "encoder");
  require_sense(settings);
  if (settings.architecture == "fcn8s") return fcn8s(settings);
  if (settings.architecture == "residual_unet") return residual_unet(settings);
  return attention_fcn(settings);
}

Graph build(const NetworkSettings& settings) {
  Graph graph = build_without_weights(settings);
  core::Random random(0);
  graph.initialise(random);
  return graph;
}

}  // namespace dawson::nn
