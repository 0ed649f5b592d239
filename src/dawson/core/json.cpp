#include "dawson/core/json.h"

#include <fstream>

#include "dawson/core/atomic_file.h"

namespace dawson::core {

Json read_json(const std::filesystem::path& file, ExitCode code) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(code, "cannot be read", file.string());
  try {
    return Json::parse(in);
  } catch (const nlohmann::json::exception& e) {
    throw Error(code, std::string("is not valid JSON (") + e.what() + ")", file.string());
  }
}

void write_json(const std::filesystem::path& file, const Json& json) {
  write_text(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace dawson::core
