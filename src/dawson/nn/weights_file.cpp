#include "dawson/nn/weights_file.h"

#include <array>
#include <fstream>
#include <string_view>

#include "dawson/core/error.h"
#include "dawson/nn/safetensors.h"
#include "dawson/nn/torch_file.h"

namespace dawson::nn {

Tensors read_weights(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::array<char, 9> first{};
  in.read(first.data(), first.size());
  if (in.gcount() == 0) throw Error(ExitCode::model, "cannot be read, or is empty", file.string());
  const std::string_view start(first.data(), static_cast<std::size_t>(in.gcount()));
  if (start.substr(0, 4) == "PK\x03\x04") return read_torch_zip(file);
  if (start.front() == '\x80') return read_torch_stream(file);
  // Eight bytes of a length, then JSON. What is shorter was cut.
  if (start.size() < first.size() || start.back() == '{') return read_safetensors(file);
  throw Error(ExitCode::model, "is neither a safetensors file nor one that torch.save wrote",
              file.string());
}

}  // namespace dawson::nn
