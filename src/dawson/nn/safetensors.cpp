// Layout: 8 bytes little-endian length of a JSON header, the header, the tensors' bytes. The header
// names for each tensor its type, its shape and its begin and end in the bytes; together they cover
// the bytes without hole or overlap (format of huggingface/safetensors, 2022).
#include "dawson/nn/safetensors.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

namespace fs = std::filesystem;
static_assert(std::numeric_limits<float>::is_iec559 && sizeof(float) == 4);

constexpr std::uint64_t longest_header = 100'000'000;  // as the format's own reader has it

struct Entry {
  std::string name;
  at::ScalarType type = at::kFloat;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;
};

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error(ExitCode::model, why, file.string());
}

at::ScalarType type_of(const std::string& name, const std::string& tensor, const fs::path& file) {
  if (name == "F32") return at::kFloat;
  if (name == "F16") return at::kHalf;
  if (name == "BF16") return at::kBFloat16;
  if (name == "I64") return at::kLong;
  refuse(file, "tensor " + tensor + " is of type " + name + ", which is not read here");
}

std::uint64_t unsigned_number(const core::Json& value, const std::string& tensor,
                              const fs::path& file) {
  if (!value.is_number_unsigned()) {
    refuse(file, "the shape or place of tensor " + tensor + " is not a number");
  }
  return value.get<std::uint64_t>();
}

Entry parse_entry(const std::string& name, const core::Json& json, const fs::path& file) {
  if (!json.is_object() || !json.contains("dtype") || !json["dtype"].is_string() ||
      !json.contains("shape") || !json["shape"].is_array() || json["shape"].size() > 16 ||
      !json.contains("data_offsets") || !json["data_offsets"].is_array() ||
      json["data_offsets"].size() != 2) {
    refuse(file, "the header's entry for tensor " + name + " is not as the format asks");
  }
  Entry entry;
  entry.name = name;
  entry.type = type_of(json["dtype"].get<std::string>(), name, file);
  std::uint64_t bytes = c10::elementSize(entry.type);
  for (const core::Json& item : json["shape"]) {
    const std::uint64_t size = unsigned_number(item, name, file);
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (size > most || (size != 0 && bytes > most / size)) {
      refuse(file, "tensor " + name + " is larger than any memory");
    }
    bytes *= size;
    entry.shape.push_back(static_cast<std::int64_t>(size));
  }
  entry.begin = unsigned_number(json["data_offsets"][0], name, file);
  entry.end = unsigned_number(json["data_offsets"][1], name, file);
  if (entry.end < entry.begin || entry.end - entry.begin != bytes) {
    refuse(file, "tensor " + name + " has another size than its shape says");
  }
  return entry;
}

void require_gapless(std::vector<Entry>& entries, std::uint64_t bytes, const fs::path& file) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t place = 0;
  for (const Entry& entry : entries) {
    if (entry.begin < place) refuse(file, "tensor " + entry.name + " overlaps another");
    if (entry.begin > place)
      refuse(file, "there are bytes before tensor " + entry.name + " that belong to none");
    place = entry.end;
  }
  if (place > bytes) refuse(file, "the file is truncated");
  if (place < bytes) refuse(file, "there are bytes at the end that belong to no tensor");
}

std::vector<Entry> parse_header(const std::string& text, std::uint64_t bytes,
                                const fs::path& file) {
  const core::Json header = core::parse_json(text, file.string() + ", header", ExitCode::model);
  if (!header.is_object()) refuse(file, "the header is not a JSON object");
  std::vector<Entry> entries;
  for (const auto& item : header.items()) {
    if (item.key() != "__metadata__") {
      entries.push_back(parse_entry(item.key(), item.value(), file));
    }
  }
  require_gapless(entries, bytes, file);
  return entries;
}

/// The file with its length, after the eight bytes and the header.
std::vector<Entry> read_header(std::ifstream& in, const fs::path& file) {
  std::error_code error;
  const std::uint64_t size = fs::file_size(file, error);
  if (error || !in) refuse(file, "cannot be read");
  std::array<unsigned char, 8> prefix{};
  if (size < prefix.size() || !in.read(reinterpret_cast<char*>(prefix.data()), prefix.size())) {
    refuse(file, "the file is truncated");
  }
  std::uint64_t length = 0;
  for (std::size_t i = prefix.size(); i-- > 0;) length = length << 8U | prefix[i];
  if (length > longest_header) refuse(file, "is not a safetensors file (its header is too long)");
  if (length > size - prefix.size()) refuse(file, "the file is truncated");
  std::string text(length, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(length))) refuse(file, "cannot be read");
  return parse_header(text, size - prefix.size() - length, file);
}

const char* type_name(at::ScalarType type) {
  switch (type) {
    case at::kFloat:
      return "F32";
    case at::kHalf:
      return "F16";
    case at::kLong:
      return "I64";
    default:
      return nullptr;
  }
}

/// As it will lie in the file.
at::Tensor as_stored(const std::string& name, const at::Tensor& tensor, bool half,
                     const fs::path& file) {
  at::Tensor stored = tensor.detach().to(at::kCPU);
  if (stored.is_floating_point()) {
    stored = stored.to(half ? at::kHalf : at::kFloat);
    if (!stored.to(at::kFloat).abs().le(std::numeric_limits<float>::max()).all().item<bool>()) {
      throw Error(
          ExitCode::output,
          "tensor " + name + " holds values that are not finite" + (half ? " in 16 bits" : ""),
          file.string());
    }
  }
  if (type_name(stored.scalar_type()) == nullptr) {
    throw Error(ExitCode::defect, "tensor " + name + " is of a type that is not written here",
                file.string());
  }
  return stored.contiguous();
}

}  // namespace

Tensors read_safetensors(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  Tensors tensors;
  for (const Entry& entry : read_header(in, file)) {  // in the order of their bytes
    at::Tensor tensor = filled_vector(0, 0).to(entry.type).resize_(entry.shape);
    if (!in.read(static_cast<char*>(tensor.data_ptr()),
                 static_cast<std::streamsize>(entry.end - entry.begin))) {
      refuse(file, "cannot be read to its end");
    }
    tensors[entry.name] = tensor.is_floating_point() ? tensor.to(at::kFloat) : tensor;
  }
  return tensors;
}

void write_safetensors(const fs::path& file, const Tensors& tensors, bool half) {
  core::Json header = core::Json::object();
  std::vector<at::Tensor> stored;
  std::uint64_t place = 0;
  for (const auto& [name, tensor] : tensors) {
    stored.push_back(as_stored(name, tensor, half, file));
    const std::uint64_t end = place + stored.back().nbytes();
    header[name] = {{"dtype", type_name(stored.back().scalar_type())},
                    {"shape", stored.back().sizes().vec()},
                    {"data_offsets", {place, end}}};
    place = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // tensors begin at a multiple of eight
  core::AtomicFile target(file);
  {
    std::ofstream out(target.temporary(), std::ios::binary);
    for (unsigned i = 0; i < 8; ++i) {
      out.put(static_cast<char>(static_cast<std::uint64_t>(text.size()) >> 8U * i & 0xFFU));
    }
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    for (const at::Tensor& tensor : stored) {
      out.write(static_cast<const char*>(tensor.data_ptr()),
                static_cast<std::streamsize>(tensor.nbytes()));
    }
    out.flush();
    if (!out) throw Error(ExitCode::output, "cannot be written", file.string());
  }
  target.commit();
}

}  // namespace dawson::nn
