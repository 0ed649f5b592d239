#include "dawson/nn/tensor_fit.h"

#include <algorithm>
#include <vector>

#include "dawson/core/error.h"

namespace dawson::nn {
namespace {

std::string list_some(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > shown) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

}  // namespace

void require_fit(const Tensors& wanted, const Tensors& given, const std::string& where) {
  std::vector<std::string> missing, unknown, misshapen;
  for (const auto& [name, tensor] : wanted) {
    const auto found = given.find(name);
    if (found == given.end()) {
      missing.push_back(name);
    } else if (found->second.sizes() != tensor.sizes()) {
      misshapen.push_back(name);
    }
  }
  for (const auto& item : given) {
    if (wanted.count(item.first) == 0) unknown.push_back(item.first);
  }
  std::string why;
  const auto say = [&why](const char* what, const std::vector<std::string>& names) {
    if (!names.empty()) why += (why.empty() ? "" : "; ") + std::string(what) + list_some(names);
  };
  say("missing are ", missing);
  say("unknown are ", unknown);
  say("of another shape are ", misshapen);
  if (!why.empty()) throw Error(ExitCode::model, "do not fit the network: " + why, where);
}

}  // namespace dawson::nn
