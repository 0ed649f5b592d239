#include "dawson/cache/cache.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "dawson/cache/npy.h"
#include "dawson/core/error.h"
#include "dawson/core/hash.h"

namespace dawson::cache {
namespace {

namespace fs = std::filesystem;
using core::Json;

constexpr int format = 1;
constexpr const char* index_name = "index.json";

Json to_json(const Entry& e) {
  Json channels = Json::array();
  for (const Channel& c : e.channels) {
    channels.push_back({{"name", c.name}, {"scale", c.scale}, {"offset", c.offset}});
  }
  return {{"source", e.source},
          {"participant", e.participant},
          {"session", e.session},
          {"stem", e.stem},
          {"size", e.size},
          {"spacing_mm", e.spacing_mm},
          {"affine", e.affine},
          {"channels", channels},
          {"content_sha256", e.content_sha256}};
}

Entry entry_from_json(const Json& json) {
  Entry e;
  json.at("source").get_to(e.source);
  json.at("participant").get_to(e.participant);
  json.at("session").get_to(e.session);
  json.at("stem").get_to(e.stem);
  json.at("size").get_to(e.size);
  json.at("spacing_mm").get_to(e.spacing_mm);
  json.at("affine").get_to(e.affine);
  json.at("content_sha256").get_to(e.content_sha256);
  for (const Json& c : json.at("channels")) {
    e.channels.push_back({c.at("name"), c.at("scale"), c.at("offset")});
  }
  return e;
}

std::vector<std::size_t> mask_shape(const Entry& e) {
  return {static_cast<std::size_t>(e.size[2]), static_cast<std::size_t>(e.size[1]),
          static_cast<std::size_t>(e.size[0])};
}

std::vector<std::size_t> image_shape(const Entry& e) {
  std::vector<std::size_t> shape = mask_shape(e);
  shape.insert(shape.begin(), e.channels.size());
  return shape;
}

fs::path file_of(const fs::path& folder, const Entry& e, const char* what) {
  return folder / (e.stem + "_" + what + ".npy");
}

Json read_index(const fs::path& folder) {
  const fs::path file = folder / index_name;
  if (!fs::is_regular_file(file)) {
    throw Error(ExitCode::input, "holds no training cache (index.json is missing)", folder.string(),
                "make one with dawson prepare");
  }
  Json index = core::read_json(file);
  if (index.value("format", 0) != format) {
    throw Error(ExitCode::input, "the cache has another format than this version reads",
                file.string(), "run dawson prepare again");
  }
  return index;
}

std::vector<Entry> entries_of(const Json& index, const fs::path& folder) {
  try {
    std::vector<Entry> entries;
    for (const Json& scan : index.at("scans")) entries.push_back(entry_from_json(scan));
    return entries;
  } catch (const nlohmann::json::exception& e) {
    throw Error(ExitCode::input, std::string("index.json is damaged (") + e.what() + ")",
                folder.string(), "run dawson prepare again");
  }
}

}  // namespace

Cache Cache::open(const fs::path& folder) {
  const Json index = read_index(folder);
  Cache cache;
  cache.folder_ = folder;
  cache.recipe_ = index.at("recipe");
  cache.recipe_sha256_ = core::sha256(cache.recipe_.dump());
  cache.target_ = index.at("target");
  cache.entries_ = entries_of(index, folder);
  if (cache.entries_.empty()) {
    throw Error(ExitCode::input, "the cache holds no scans", folder.string());
  }
  return cache;
}

Arrays Cache::load(const Entry& entry) const {
  return {read_npy(file_of(folder_, entry, "image"), image_shape(entry)),
          read_npy(file_of(folder_, entry, "target"), mask_shape(entry)),
          read_npy(file_of(folder_, entry, "brain"), mask_shape(entry))};
}

Writer::Writer(fs::path folder, Json recipe, std::string target, bool overwrite)
    : folder_(std::move(folder)), recipe_(std::move(recipe)), target_(std::move(target)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw Error(ExitCode::output, "the folder cannot be made", folder_.string());
  if (!fs::exists(folder_ / index_name)) return;
  const Json index = read_index(folder_);
  if (index.at("recipe") == recipe_ && index.at("target") == target_) {
    entries_ = entries_of(index, folder_);
  } else if (!overwrite) {
    throw Error(ExitCode::output, "holds a cache made by another recipe", folder_.string(),
                "choose another output or give --overwrite");
  }
}

bool Writer::holds(const std::string& stem, const std::string& content_sha256) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) {
    return e.stem == stem && e.content_sha256 == content_sha256;
  });
}

void Writer::add(const Entry& entry, const Arrays& arrays) {
  if (arrays.image.size() != entry.voxels() * entry.channels.size() ||
      arrays.target.size() != entry.voxels() || arrays.brain.size() != entry.voxels()) {
    throw std::invalid_argument("cache arrays of another size than their entry");
  }
  write_npy(file_of(folder_, entry, "image"), arrays.image, image_shape(entry));
  write_npy(file_of(folder_, entry, "target"), arrays.target, mask_shape(entry));
  write_npy(file_of(folder_, entry, "brain"), arrays.brain, mask_shape(entry));
  const auto same = [&](const Entry& e) { return e.stem == entry.stem; };
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(), same), entries_.end());
  entries_.push_back(entry);
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.stem < b.stem; });
  write_index();
}

void Writer::write_index() const {
  Json scans = Json::array();
  for (const Entry& e : entries_) scans.push_back(to_json(e));
  core::write_json(folder_ / index_name, {{"format", format},
                                          {"target", target_},
                                          {"recipe", recipe_},
                                          {"recipe_sha256", core::sha256(recipe_.dump())},
                                          {"scans", scans}});
}

}  // namespace dawson::cache
