#include "dawson/core/json.h"

#include <fstream>
#include <iterator>
#include <vector>

#include "dawson/core/atomic_file.h"

namespace dawson::core {

namespace {

/// Watches a text while it is parsed.
class Bounds {
 public:
  Bounds(const std::string& where, ExitCode code) : where_(where), code_(code) {}

  void look(std::size_t depth, Json::parse_event_t event) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      if (depth >= deepest_json) refuse("has lists within lists more than 100 deep");
      names_.resize(depth + 1);
      names_.back() = 0;
    }
    // The name of a table's entry stands one level below the table.
    if (event == Event::key && ++names_[depth - 1] > most_json_names) {
      refuse("has a table of more than 10000 names");
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const { throw Error(code_, why, where_); }

  const std::string& where_;
  ExitCode code_;
  std::vector<std::size_t> names_;  ///< of the tables that are open, by depth
};

}  // namespace

Json parse_json(const std::string& text, const std::string& where, ExitCode code) {
  Bounds bounds(where, code);
  try {
    return Json::parse(text, [&bounds](int depth, Json::parse_event_t event, const Json&) {
      bounds.look(static_cast<std::size_t>(depth), event);
      return true;
    });
  } catch (const nlohmann::json::exception& e) {
    throw Error(code, std::string("is not valid JSON (") + e.what() + ")", where);
  }
}

Json read_json(const std::filesystem::path& file, ExitCode code) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file))
    throw Error(code, "cannot be read", file.string());
  return parse_json({std::istreambuf_iterator<char>(in), {}}, file.string(), code);
}

void write_json(const std::filesystem::path& file, const Json& json) {
  write_text(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace dawson::core
