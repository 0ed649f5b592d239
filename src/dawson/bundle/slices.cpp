#include "dawson/bundle/slices.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"

namespace dawson::bundle {

int SliceInput::network_channels() const noexcept {
  std::size_t count = 0;
  for (const std::vector<double>& offsets : offsets_mm) count += offsets.size();
  return static_cast<int>(count);
}

core::Json SliceInput::to_json() const {
  return {{"offsets_mm", offsets_mm}};
}

SliceInput SliceInput::from_json(const core::Json& json) {
  SliceInput input;
  try {
    input.offsets_mm = json.at("offsets_mm").get<std::vector<std::vector<double>>>();
  } catch (const nlohmann::json::exception&) {
    throw Error(ExitCode::model, "\"offsets_mm\" is not a list of lists of millimetres",
                "network input");
  }
  for (const std::vector<double>& offsets : input.offsets_mm) {
    if (!std::all_of(offsets.begin(), offsets.end(),
                     [](double offset) { return std::isfinite(offset); })) {
      throw Error(ExitCode::model, "an offset that is no number", "network input");
    }
  }
  if (input.offsets_mm.empty()) throw Error(ExitCode::model, "no channels", "network input");
  if (input.offsets_mm.front().empty()) {
    throw Error(ExitCode::model, "a first channel without offsets", "network input");
  }
  return input;
}

SlicePlace slice_place(const Stack& stack, double z, double offset_mm) {
  const double place = std::clamp(z + offset_mm / stack.slice_spacing_mm, 0.0, stack.slices - 1.0);
  const int below = static_cast<int>(place);
  return {below, std::min(below + 1, stack.slices - 1), static_cast<float>(place - below)};
}

void cut_slice(const Stack& stack, const SliceInput& input, double z, float* out) {
  const std::size_t pixels = static_cast<std::size_t>(stack.height) * stack.width;
  for (std::size_t channel = 0; channel < input.offsets_mm.size(); ++channel) {
    for (const double offset : input.offsets_mm[channel]) {
      const SlicePlace place = slice_place(stack, z, offset);
      const float* a = stack.slice(static_cast<int>(channel), place.below);
      const float* b = stack.slice(static_cast<int>(channel), place.above);
      for (std::size_t i = 0; i < pixels; ++i) out[i] = a[i] + place.share * (b[i] - a[i]);
      out += pixels;
    }
  }
}

}  // namespace dawson::bundle
