#include "dawson/nn/torch_file.h"

#include <algorithm>
#include <fstream>

#include "dawson/core/error.h"
#include "dawson/nn/stored_zip.h"
#include "dawson/nn/torch_state.h"

namespace dawson::nn {
namespace {

namespace fs = std::filesystem;
using Kind = PickleValue::Kind;

// A ResNet-50's takes 50 kB; values are not in it.
constexpr std::uint64_t longest_pickle = 16U << 20U;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error(ExitCode::model, why, file.string());
}

/// The names of entries begin with that of the archive, whatever it was called when it was written.
std::string folder_of(const StoredZip& zip, const fs::path& file) {
  const std::string last = "data.pkl";
  for (const auto& [name, entry] : zip.entries()) {
    const std::size_t slash = name.find('/');
    if (slash != std::string::npos && name.substr(slash + 1) == last) {
      return name.substr(0, slash + 1);
    }
  }
  refuse(file, "is a zip archive, but torch did not write it: it has no data.pkl");
}

std::string text_of(StoredZip& zip, const std::string& name, const fs::path& file) {
  const std::uint64_t bytes = zip.entries().at(name).bytes;
  if (bytes > longest_pickle) refuse(file, name + " is too long for a dictionary of tensors");
  std::string text(bytes, '\0');
  zip.read(name, text.data());
  return text;
}

/// The pickles that come before the storages of the older format, read from a file's beginning.
class Stream {
 public:
  explicit Stream(const fs::path& file) : file_(file), in_(file, std::ios::binary) {
    std::error_code error;
    size_ = fs::file_size(file, error);
    if (error || !in_) refuse(file, "cannot be read");
    head_.resize(std::min<std::uint64_t>(size_, longest_pickle));
    if (!in_.read(head_.data(), static_cast<std::streamsize>(head_.size()))) {
      refuse(file, "cannot be read");
    }
  }

  Pickle next_pickle() {
    Pickle pickle =
        read_pickle(std::string_view(head_).substr(place_), names_of_state_dicts(), file_.string());
    place_ += pickle.bytes;
    return pickle;
  }

  /// From here on values are read from the file itself.
  void leave_pickles() {
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(place_));
  }
  std::uint64_t left() const { return size_ - place_; }
  void read(char* target, std::uint64_t count) {
    require(count);
    if (!in_.read(target, static_cast<std::streamsize>(count))) refuse(file_, "cannot be read");
    place_ += count;
  }
  void require(std::uint64_t count) const {
    if (count > left()) refuse(file_, "the file is truncated");
  }

 private:
  fs::path file_;
  std::ifstream in_;
  std::uint64_t size_ = 0, place_ = 0;
  std::string head_;
};

/// 0x1950a86a20f9469cfc6c, then protocol 1001, then a dictionary about the machine.
void require_preamble(Stream& stream, const fs::path& file) {
  const Pickle magic = stream.next_pickle();
  const PickleValue& number = magic.values[magic.root];
  if (number.kind != Kind::large_integer ||
      number.text != std::string("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19")) {
    refuse(file, "is a pickle, but not a file of weights that torch wrote");
  }
  const Pickle protocol = stream.next_pickle();
  if (protocol.values[protocol.root].integer != 1001) {
    refuse(file, "is of a version of torch's format that is not known");
  }
  const Pickle machine = stream.next_pickle();
  const std::vector<std::size_t>& items = machine.values[machine.root].items;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (machine.values[items[i]].text == "little_endian" &&
        machine.values[items[i + 1]].integer == 0) {
      refuse(file, "was written on a big-endian machine and is not read here");
    }
  }
}

}  // namespace

Tensors read_torch_zip(const fs::path& file) {
  StoredZip zip(file);
  const std::string folder = folder_of(zip, file);
  if (zip.entries().count(folder + "byteorder") != 0 &&
      text_of(zip, folder + "byteorder", file) != "little") {
    refuse(file, "was written on a big-endian machine and is not read here");
  }
  const TorchState state = read_torch_state(
      read_pickle(text_of(zip, folder + "data.pkl", file), names_of_state_dicts(), file.string()),
      file.string());
  std::map<std::string, at::Tensor> storages;
  for (const auto& [key, storage] : state.storages) {
    const std::string name = folder + "data/" + key;
    const auto entry = zip.entries().find(name);
    if (entry == zip.entries().end()) refuse(file, "lacks the values " + key.substr(0, 80));
    if (entry->second.bytes != storage.bytes()) {
      refuse(file, "the values " + key.substr(0, 80) + " are of another size than is said");
    }
    storages[key] = empty_storage(storage);
    zip.read(name, static_cast<char*>(storages[key].data_ptr()));
  }
  return tensors_over(state, storages);
}

Tensors read_torch_stream(const fs::path& file) {
  Stream stream(file);
  require_preamble(stream, file);
  const TorchState state = read_torch_state(stream.next_pickle(), file.string());
  const Pickle order = stream.next_pickle();
  stream.leave_pickles();
  std::map<std::string, at::Tensor> storages;
  for (const std::size_t ref : order.values[order.root].items) {
    const std::string& key = order.values[ref].text;
    const auto storage = state.storages.find(key);
    if (storage == state.storages.end() || storages.count(key) != 0) {
      refuse(file, "stores the values " + key.substr(0, 80) + " that no tensor has");
    }
    std::uint64_t count = 0;  // little-endian, as are all machines that dawson is built for
    stream.read(reinterpret_cast<char*>(&count), sizeof count);
    if (count != storage->second.count) {
      refuse(file, "the values " + key.substr(0, 80) + " are of another size than is said");
    }
    stream.require(storage->second.bytes());  // before memory is taken
    storages[key] = empty_storage(storage->second);
    stream.read(static_cast<char*>(storages[key].data_ptr()), storage->second.bytes());
  }
  if (storages.size() != state.storages.size()) refuse(file, "lacks values of some tensors");
  if (stream.left() != 0) refuse(file, "there are bytes at the end that belong to no tensor");
  return tensors_over(state, storages);
}

}  // namespace dawson::nn
