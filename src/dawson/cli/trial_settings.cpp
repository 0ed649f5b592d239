#include "dawson/cli/trial_settings.h"

#include <unistd.h>

#include <optional>
#include <set>
#include <sstream>

#include "dawson/cli/commands.h"
#include "dawson/cli/crossval_settings.h"
#include "dawson/cli/layers.h"
#include "dawson/cli/process_options.h"

namespace dawson::cli {
namespace {

std::vector<Option> crossval_options_without(std::set<std::string> others) {
  for (const Option& o : process_options("", "")) others.insert(o.name);
  std::vector<Option> options;
  for (Option& o : crossval_command().options) {
    if (!others.contains(o.name)) options.push_back(std::move(o));
  }
  return options;
}

const std::set<std::string> decided_by_the_search = {
    "input", "output", "folds",  "leave-site-out", "fold",
    "final", "from",   "epochs", "prepare-only",   "iterations"};

}  // namespace

std::vector<Option> trial_options() {
  return crossval_options_without(decided_by_the_search);
}

std::vector<Option> searchable_options() {
  std::set<std::string> others = decided_by_the_search;
  others.insert({"extra", "device", "memory", "change-device"});
  return crossval_options_without(others);
}

core::Layer shared_layer(const Context& tune) {
  std::optional<std::filesystem::path> config;
  if (tune.has("config")) config = tune.path("config");
  core::Layer shared;
  for (core::Layer& layer : outer_layers(all_commands(), "crossval", config, environ)) {
    for (const Option& o : trial_options()) {
      if (const auto given = layer.find(o.name); given != layer.end()) {
        shared[o.name] = std::move(given->second);
      }
    }
  }
  if (tune.has("extra")) shared["extra"] = {tune.texts("extra"), ""};
  return shared;
}

void require_trainable_points(const Context& tune, const core::Layer& shared,
                              const workflow::Search& search) {
  std::vector<Option> options = crossval_command().options;
  for (Option& o : options) o.required = false;  // where data lie is checked elsewhere
  const std::vector<workflow::Point> points = workflow::draw_points(search);
  std::ostringstream unheard;
  std::optional<Error> first;
  std::size_t refused = 0;
  for (const workflow::Point& point : points) {
    core::Layer layer = {{"iterations", {{std::to_string(search.rungs.front())}, ""}}};
    for (const auto& [name, value] : point) layer[name] = {{value}, ""};
    try {
      (void)trained_settings(Context("crossval", core::Settings::resolve(options, {shared, layer}),
                                     tune.progress(), unheard, unheard));
    } catch (const Error& e) {
      if (++refused > 1) continue;
      first = e;
      first->add_context(workflow::words_of(point));
    }
  }
  if (!first) return;
  first->add_context(std::to_string(refused) + " of " + std::to_string(points.size()) +
                     " points cannot be trained, the first");
  throw Error(*first);
}

}  // namespace dawson::cli
