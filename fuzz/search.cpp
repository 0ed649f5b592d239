// search.toml, for settings of every type.
#include "dawson/workflow/search.h"
#include "scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using dawson::core::SettingType;
  static const dawson::fuzz::Scratch scratch;
  static const std::vector<dawson::core::Setting> known{
      {.name = "loss", .default_value = "dice_bce", .choices = {"dice_bce", "tversky"}},
      {.name = "batch", .type = SettingType::integer, .minimum = 1, .maximum = 64},
      {.name = "learning-rate", .type = SettingType::real, .minimum = 1e-6, .maximum = 1},
      {.name = "without-frequency", .type = SettingType::flag}};
  const auto file = scratch.write("search.toml", data, size);
  dawson::fuzz::refuse_or([&] {
    const auto search = dawson::workflow::read_search(file, known);
    std::size_t grid = 1;
    for (const auto& choice : search.choices) grid *= std::max<std::size_t>(1, choice.values.size());
    if (search.trials < 1000 && grid < 1000) (void)dawson::workflow::draw_points(search);
  });
  return 0;
}
