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

[[noreturn]] void refuse_damaged(const fs::path& folder, const std::string& why) {
  throw Error(ExitCode::input, "is damaged (" + why + ")", (folder / index_name).string(),
              "run dawson prepare again with --overwrite");
}

struct Index {
  Json recipe;
  std::string target;
  std::vector<Entry> entries;
};

Index read_index(const fs::path& folder) {
  const fs::path file = folder / index_name;
  if (!fs::is_regular_file(file)) {
    throw Error(ExitCode::input, "holds no training cache (index.json is missing)", folder.string(),
                "make one with dawson prepare");
  }
  const Json json = core::read_json(file);
  try {
    if (json.at("format") != format) {
      throw Error(ExitCode::input, "the cache has another format than this version reads",
                  file.string(), "run dawson prepare again with --overwrite");
    }
    Index index{json.at("recipe"), json.at("target"), {}};
    for (const Json& scan : json.at("scans")) index.entries.push_back(entry_from_json(scan));
    return index;
  } catch (const nlohmann::json::exception& e) {
    refuse_damaged(folder, e.what());
  }
}

void require_sense(const Entry& e, const fs::path& folder) {
  const auto positive = [](auto value) { return value > 0; };
  if (e.channels.empty() || !std::all_of(e.size.begin(), e.size.end(), positive) ||
      !std::all_of(e.spacing_mm.begin(), e.spacing_mm.end(), positive)) {
    refuse_damaged(folder, e.stem + " has no size, spacing or channels");
  }
}

struct StoredArray {
  fs::path file;
  std::vector<std::size_t> shape;
};

std::array<StoredArray, 3> files_of(const fs::path& folder, const Entry& e) {
  return {{{file_of(folder, e, "image"), image_shape(e)},
           {file_of(folder, e, "target"), mask_shape(e)},
           {file_of(folder, e, "brain"), mask_shape(e)}}};
}

bool has_right_size(const StoredArray& array) {
  std::error_code error;
  return fs::file_size(array.file, error) == npy_file_size(array.shape) && !error;
}

}  // namespace

Cache Cache::open(const fs::path& folder) {
  Index index = read_index(folder);
  Cache cache;
  cache.folder_ = folder;
  cache.recipe_ = std::move(index.recipe);
  cache.recipe_sha256_ = core::sha256(cache.recipe_.dump());
  cache.target_ = std::move(index.target);
  cache.entries_ = std::move(index.entries);
  if (cache.entries_.empty()) {
    throw Error(ExitCode::input, "the cache holds no scans", folder.string());
  }
  for (const Entry& e : cache.entries_) {
    require_sense(e, folder);
    for (const StoredArray& array : files_of(folder, e)) {
      if (has_right_size(array)) continue;
      throw Error(ExitCode::input, "is missing or not of the size that the cache's index gives",
                  array.file.string(), "run dawson prepare again");
    }
  }
  return cache;
}

Arrays Cache::load(const Entry& entry) const {
  const std::array<StoredArray, 3> files = files_of(folder_, entry);
  return {read_npy(files[0].file, files[0].shape), read_npy(files[1].file, files[1].shape),
          read_npy(files[2].file, files[2].shape)};
}

Writer::Writer(fs::path folder, Json recipe, std::string target, bool overwrite)
    : folder_(std::move(folder)),
      lock_(std::make_unique<FolderLock>(folder_)),
      recipe_(std::move(recipe)),
      target_(std::move(target)) {
  if (!fs::exists(folder_ / index_name)) return;
  Index index;
  try {
    index = read_index(folder_);
  } catch (const Error&) {
    if (!overwrite) throw;
    fs::remove(folder_ / index_name);
    return;
  }
  entries_ = std::move(index.entries);
  if (index.recipe == recipe_ && index.target == target_) return;
  if (!overwrite) {
    throw Error(ExitCode::output, "holds a cache made by another recipe", folder_.string(),
                "choose another output or give --overwrite");
  }
  fs::remove(folder_ / index_name);  // before the arrays: no index may describe what is gone
  std::error_code ignored;           // what cannot be removed lies unused
  for (const Entry& e : entries_) {
    for (const StoredArray& array : files_of(folder_, e)) fs::remove(array.file, ignored);
  }
  entries_.clear();
}

bool Writer::holds(const std::string& stem, const std::string& content_sha256) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) {
    if (e.stem != stem || e.content_sha256 != content_sha256) return false;
    const auto files = files_of(folder_, e);
    return std::all_of(files.begin(), files.end(), has_right_size);
  });
}

void Writer::add(const Entry& entry, const Arrays& arrays) {
  if (arrays.image.size() != entry.voxels() * entry.channels.size() ||
      arrays.target.size() != entry.voxels() || arrays.brain.size() != entry.voxels()) {
    throw std::invalid_argument("cache arrays of another size than their entry");
  }
  const auto same = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const Entry& e) { return e.stem == entry.stem; });
  if (same != entries_.end()) {
    entries_.erase(same);
    write_index();  // before the arrays: a kill leaves no index that describes other arrays
  }
  const std::array<StoredArray, 3> files = files_of(folder_, entry);
  write_npy(files[0].file, arrays.image, files[0].shape);
  write_npy(files[1].file, arrays.target, files[1].shape);
  write_npy(files[2].file, arrays.brain, files[2].shape);
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
