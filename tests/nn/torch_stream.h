// Writes the older of torch.save's formats, byte by byte, so that a file of any size can be made
// without Python.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "dawson/nn/graph.h"

namespace dawson::nn {

inline std::filesystem::path torch_files() {
  return std::filesystem::path(DAWSON_SOURCE_DIR) / "tests" / "nn" / "torch_files";
}

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The stream format around a pickle of the contents. What comes before them is from a file that
/// python3-torch wrote: magic number, version, machine.
inline std::string stream_around(const std::string& contents) {
  const std::string whole = bytes_of(torch_files() / "evil_stream.pth");
  const std::size_t begin = whole.find("\x80\x02}", whole.find("type_sizes"));
  return whole.substr(0, begin) + "\x80\x02" + contents;
}

/// Instructions of pickle's protocol 2 (Python's pickletools names them).
namespace pickled {
template <typename Number>
std::string bytes(Number number) {
  std::string text(sizeof number, '\0');
  std::memcpy(text.data(), &number, sizeof number);
  return text;
}
inline std::string integer(std::int64_t n) {
  return "J" + bytes(static_cast<std::int32_t>(n));  // BININT
}
inline std::string text(const std::string& s) {
  return "X" + bytes(static_cast<std::uint32_t>(s.size())) + s;  // BINUNICODE
}
inline std::string tuple(const std::string& items) {
  return "(" + items + "t";  // MARK … TUPLE
}
inline std::string tuple(at::IntArrayRef numbers) {
  std::string items;
  for (const std::int64_t n : numbers) items += integer(n);
  return tuple(items);
}
}  // namespace pickled

/// A state dict of float tensors as torch.save wrote it before PyTorch 1.6, a storage for each.
inline void write_torch_stream(const std::filesystem::path& file, const Tensors& tensors) {
  std::string state = "}", keys = "\x80\x02]", values;
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor plain = tensor.contiguous();
    const std::string key = pickled::text(name);  // any text will do that is there once
    const std::string storage =
        pickled::tuple(pickled::text("storage") + "ctorch\nFloatStorage\n" + key +
                       pickled::text("cpu") + pickled::integer(plain.numel()));
    const std::string arguments =
        pickled::tuple(storage + "Q" + pickled::integer(0) + pickled::tuple(plain.sizes()) +
                       pickled::tuple(plain.strides()) + "\x89}");
    state += pickled::text(name) + "ctorch._utils\n_rebuild_tensor_v2\n" + arguments + "Rs";
    keys += key + "a";
    values += pickled::bytes(static_cast<std::int64_t>(plain.numel())) +
              std::string(static_cast<const char*>(plain.data_ptr()), plain.nbytes());
  }
  const std::string whole = stream_around(state + "." + keys + "." + values);
  std::ofstream(file, std::ios::binary).write(whole.data(), static_cast<long>(whole.size()));
}

}  // namespace dawson::nn
