#include "dawson/nn/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <functional>

#include "dawson/core/error.h"
#include "nn/tensors.h"
#include "support/temporary_folder.h"

namespace dawson::nn {
namespace {

using dawson::testing::TemporaryFolder;

std::string file_bytes(const std::string& header, const std::string& data) {
  std::string text;
  for (unsigned i = 0; i < 8; ++i) {
    text.push_back(static_cast<char>(static_cast<std::uint64_t>(header.size()) >> 8U * i & 0xFFU));
  }
  return text + header + data;
}

struct File {
  TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "weights.safetensors";

  File() = default;
  explicit File(const std::string& bytes) { write(bytes); }
  void write(const std::string& bytes) const {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
  }
  std::string bytes() const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

std::string refusal(const std::string& bytes) {
  const File file(bytes);
  try {
    (void)read_safetensors(file.path);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::model);
    EXPECT_NE(std::string(e.what()).find(file.path.string()), std::string::npos);
    return e.fact();
  }
  ADD_FAILURE() << "was read";
  return {};
}

TEST(Safetensors, ReadsTheBytesOfTheFormat) {
  // 1.0 and −2.5 as float32; 1.0 and −2.0 as float16; 1.0 as bfloat16; −1 as int64.
  const File file(file_bytes(
      R"({"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
      R"("h":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},)"
      R"("b":{"dtype":"BF16","shape":[],"data_offsets":[12,14]},)"
      R"("i":{"dtype":"I64","shape":[1],"data_offsets":[14,22]}})",
      std::string("\x00\x00\x80\x3f\x00\x00\x20\xc0\x00\x3c\x00\xc0\x80\x3f", 14) +
          std::string(8, '\xff')));
  const Tensors tensors = read_safetensors(file.path);
  ASSERT_EQ(tensors.size(), 4U);
  EXPECT_EQ(tensors.at("x").sizes().vec(), (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(tensors.at("x")[0][0].item<float>(), 1.0F);
  EXPECT_EQ(tensors.at("x")[1][0].item<float>(), -2.5F);
  EXPECT_EQ(tensors.at("h").scalar_type(), at::kFloat);
  EXPECT_EQ(tensors.at("h")[1].item<float>(), -2.0F);
  EXPECT_EQ(tensors.at("b").item<float>(), 1.0F);
  EXPECT_EQ(tensors.at("i").scalar_type(), at::kLong);
  EXPECT_EQ(tensors.at("i")[0].item<std::int64_t>(), -1);
}

TEST(Safetensors, ReadsWhatItWrote) {
  core::Random random(2);
  const at::Tensor weight = zero_weight(5, 3, 2, 4);  // channels_last: must be stored by shape
  assign_normal(weight, random, 1);
  const Tensors tensors{
      {"a.weight", weight}, {"empty", filled_vector(0, 0)}, {"b", filled_vector(3, 0.1)}};
  const File file;
  write_safetensors(file.path, tensors, false);
  Tensors again = read_safetensors(file.path);
  ASSERT_EQ(again.size(), 3U);
  for (const auto& [name, tensor] : tensors) EXPECT_TRUE(again.at(name).equal(tensor)) << name;

  write_safetensors(file.path, tensors, true);
  again = read_safetensors(file.path);
  EXPECT_EQ(again.at("a.weight").scalar_type(), at::kFloat);
  const double off = again.at("a.weight").sub(weight).div(weight).abs().max().item<double>();
  EXPECT_GT(off, 0);
  EXPECT_LE(off, 0x1p-11 + 1e-7);  // half of the last of float16's 11 bits
  std::uint64_t length = 0;
  std::memcpy(&length, file.bytes().data(), 8);
  EXPECT_EQ(length % 8, 0U);
}

TEST(Safetensors, RefusesValuesThatFloat16CannotHold) {
  const File file;
  const auto refused = [&](double value, bool half) {
    try {
      write_safetensors(file.path, {{"a", filled_vector(2, value)}}, half);
    } catch (const Error& e) {
      return e.code() == ExitCode::output && !std::filesystem::exists(file.path);
    }
    return false;
  };
  EXPECT_TRUE(refused(1e5, true));
  EXPECT_TRUE(refused(std::numeric_limits<double>::quiet_NaN(), false));
  EXPECT_FALSE(refused(1e5, false));
}

TEST(Safetensors, RefusesFilesThatAreNotWhole) {
  const std::string good =
      file_bytes(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", std::string(8, 'a'));
  EXPECT_EQ(refusal(""), "the file is truncated");
  EXPECT_EQ(refusal(good.substr(0, 5)), "the file is truncated");
  EXPECT_EQ(refusal(good.substr(0, 30)), "the file is truncated");
  EXPECT_EQ(refusal(good.substr(0, good.size() - 1)), "the file is truncated");
  refusal(good + "x");
  const File missing;
  EXPECT_THROW((void)read_safetensors(missing.path), Error);
}

TEST(Safetensors, RefusesHeadersThatLie) {
  const auto header = [](const std::string& text) {
    return refusal(file_bytes(text, std::string(16, 'a')));
  };
  const auto entry = [&](const std::string& inner) { return header("{\"x\":{" + inner + "}}"); };
  header("not json");
  header("[1,2]");
  header(R"({"x":3})");
  entry(R"("dtype":"F32","shape":[4])");
  entry(R"("dtype":"F32","shape":[4],"data_offsets":[0])");
  entry(R"("dtype":"F32","shape":[4],"data_offsets":[0,"16"])");
  entry(R"("dtype":"F32","shape":[4],"data_offsets":[-16,0])");
  entry(R"("dtype":"F32","shape":[5],"data_offsets":[0,16])");
  entry(R"("dtype":"F32","shape":[4],"data_offsets":[16,0])");
  entry(R"("dtype":"F32","shape":[-4],"data_offsets":[0,16])");
  entry(R"("dtype":"F32","shape":[4.0],"data_offsets":[0,16])");
  entry(R"("dtype":"C64","shape":[2],"data_offsets":[0,16])");
  // Sizes whose product overflows to 16 bytes.
  entry(R"("dtype":"F32","shape":[4611686018427387905,4],"data_offsets":[0,16])");
  entry(R"("dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,16])");
  EXPECT_NE(header(R"({"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},)"
                   R"("y":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})")
                .find("overlaps"),
            std::string::npos);
  header(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
         R"("y":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})");
  std::string huge = file_bytes("{}", "");
  huge[7] = '\x7f';  // a header of 9·10^18 bytes
  EXPECT_NE(refusal(huge).find("too long"), std::string::npos);
}

}  // namespace
}  // namespace dawson::nn
