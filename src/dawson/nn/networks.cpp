// Names of networks, and a graph from its settings.
#include "dawson/nn/networks.h"

#include <algorithm>

#include "dawson/core/error.h"

namespace dawson::nn {
namespace {

/// Letters to insert, remove or change (Levenshtein 1966).
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

void require_known(const std::string& name, const std::vector<std::string>& known,
                   const char* what) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  const auto nearest =
      std::min_element(known.begin(), known.end(), [&](const std::string& a, const std::string& b) {
        return distance(a, name) < distance(b, name);
      });
  throw Error(ExitCode::usage, "there is no " + std::string(what) + " \"" + name + "\"", {},
              "the nearest is \"" + *nearest + "\"");
}

}  // namespace

std::vector<std::string> architecture_names() {
  return {"attention_fcn"};
}
std::vector<std::string> encoder_names() {
  return {"light", "mobilenet_v2"};
}

Graph build(const NetworkSettings& settings) {
  require_known(settings.architecture, architecture_names(), "architecture");
  require_known(settings.encoder, encoder_names(), "encoder");
  Graph graph = attention_fcn(settings);
  core::Random random(0);
  graph.initialise(random);
  return graph;
}

}  // namespace dawson::nn
