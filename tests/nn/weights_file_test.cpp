// Files of weights; those in torch_files were written by Debian's python3-torch through
// tests/reference/torch_files.py.
#include "dawson/nn/weights_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "dawson/core/error.h"
#include "dawson/nn/safetensors.h"
#include "nn/tensors.h"
#include "nn/torch_stream.h"
#include "support/temporary_folder.h"

namespace dawson::nn {
namespace {

using dawson::testing::TemporaryFolder;

const std::filesystem::path folder = torch_files();

void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
}

/// Changes one byte where it stands: writing the whole file anew takes milliseconds each time.
void change_byte(const std::filesystem::path& file, std::size_t place, char to) {
  std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
  out.seekp(static_cast<long>(place));
  out.put(to);
}

/// Why a file is refused; empty when it is read.
std::string refusal(const std::filesystem::path& file) {
  try {
    (void)read_weights(file);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::model);
    EXPECT_EQ(e.where(), file.string());
    return e.fact();
  }
  return {};
}

std::vector<float> values(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.contiguous();
  EXPECT_EQ(plain.scalar_type(), at::kFloat);
  return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
}

bool equal(const Tensors& a, const Tensors& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [name, tensor] : a) {
    if (b.count(name) == 0 || !b.at(name).equal(tensor)) return false;
  }
  return true;
}

/// What `state` in torch_files.py holds.
void expect_state(const Tensors& tensors) {
  ASSERT_EQ(tensors.size(), 11U);
  using Floats = std::vector<float>;
  using Shape = std::vector<std::int64_t>;
  EXPECT_EQ(tensors.at("plain").sizes().vec(), (Shape{2, 3}));
  EXPECT_EQ(values(tensors.at("plain")), (Floats{-2.5, -1.5, -0.5, 0.5, 1.5, 2.5}));
  EXPECT_EQ(tensors.at("transposed").sizes().vec(), (Shape{3, 2}));
  EXPECT_EQ(values(tensors.at("transposed")), (Floats{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(tensors.at("channels_last").sizes().vec(), (Shape{2, 3, 2, 4}));
  EXPECT_TRUE(tensors.at("channels_last").is_contiguous(at::MemoryFormat::ChannelsLast));
  const Floats counted = values(tensors.at("channels_last"));
  for (std::size_t i = 0; i < 48; ++i) ASSERT_EQ(counted[i], static_cast<float>(i));
  EXPECT_EQ(values(tensors.at("part")), (Floats{5, 7, 9, 11, 13, 15}));
  EXPECT_EQ(values(tensors.at("other_part")), (Floats{10, 11, 12, 13, 14, 15, 16, 17, 18, 19}));
  EXPECT_EQ(values(tensors.at("parameter")), (Floats{0.125, 0.125}));
  EXPECT_EQ(values(tensors.at("half")), (Floats{1.5, -65504, 0x1p-24F}));
  EXPECT_EQ(values(tensors.at("brain"))[0], 3.140625F);
  EXPECT_NEAR(values(tensors.at("brain"))[1], -1e30F, 1e30F / 256);
  EXPECT_EQ(tensors.at("num_batches_tracked").item<std::int64_t>(), (std::int64_t{1} << 40) + 1);
  EXPECT_EQ(tensors.at("scalar").dim(), 0);
  EXPECT_EQ(tensors.at("scalar").item<float>(), 7);
  EXPECT_EQ(tensors.at("nothing").sizes().vec(), (Shape{0, 3}));
}

TEST(WeightsFile, ReadsBothOfPyTorchsFormats) {
  for (const char* name : {"zip.pth", "stream.pth", "zip_protocol_4.pth"}) {
    SCOPED_TRACE(name);
    expect_state(read_weights(folder / name));
  }
}

TEST(WeightsFile, TellsFormatsApartByTheirBytes) {
  const TemporaryFolder temporary;
  const auto file = temporary.path() / "weights.pth";
  write_safetensors(file, {{"a", filled_vector(3, 2)}}, false);
  EXPECT_EQ(values(read_weights(file).at("a")), (std::vector<float>{2, 2, 2}));
  write_bytes(file, "<html><body>404</body></html>");
  EXPECT_NE(refusal(file).find("neither"), std::string::npos);
  write_bytes(file, "");
  EXPECT_FALSE(refusal(file).empty());
  EXPECT_FALSE(refusal(temporary.path() / "missing.pth").empty());
}

TEST(WeightsFile, ReadsParametersAsTheFirstVersionsOfPyTorchWroteThem) {
  const Tensors tensors = read_weights(folder / "old.pth");
  ASSERT_EQ(tensors.size(), 3U);
  EXPECT_EQ(values(tensors.at("weight")), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(values(tensors.at("bias")), (std::vector<float>{40, 50})) << "a view of five values";
  EXPECT_EQ(values(tensors.at("mean")), (std::vector<float>{10, 20, 30}));
}

TEST(WeightsFile, RefusesToRunAnythingAndNamesIt) {
  for (const char* name : {"evil_zip.pth", "evil_stream.pth", "evil_pickle.pth"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(refusal(folder / name), "the file asks to run posix.system: refused");
  }
  EXPECT_FALSE(std::filesystem::exists("the-file-was-run"));
}

TEST(WeightsFile, RefusesWhatIsNoDictionaryOfTensors) {
  EXPECT_EQ(refusal(folder / "checkpoint.pth"), "holds more than tensors: \"epoch\" is none");
  EXPECT_EQ(refusal(folder / "double.pth"),
            "tensor weight is of type torch.DoubleStorage, which is not read here");
}

TEST(WeightsFile, RefusesFilesCutAtAnyByte) {
  const TemporaryFolder temporary;
  for (const char* name : {"zip.pth", "stream.pth", "old.pth"}) {
    const std::string whole = bytes_of(folder / name);
    const auto file = temporary.path() / name;
    write_bytes(file, whole);
    for (std::size_t size = whole.size(); size-- > 0;) {
      std::filesystem::resize_file(file, size);
      ASSERT_FALSE(refusal(file).empty()) << name << " cut to " << size << " bytes";
    }
  }
}

TEST(WeightsFile, NeverTakesADamagedZipForWhole) {
  const TemporaryFolder temporary;
  const auto file = temporary.path() / "zip.pth";
  const std::string whole = bytes_of(folder / "zip.pth");
  write_bytes(file, whole);
  const Tensors expected = read_weights(folder / "zip.pth");
  int refused = 0;
  for (std::size_t place = 0; place < whole.size(); ++place) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      change_byte(file, place, static_cast<char>(whole[place] ^ flip));
      try {  // anything but an Error ends the test
        ASSERT_TRUE(equal(read_weights(file), expected)) << "byte " << place;
      } catch (const Error& e) {
        ASSERT_EQ(e.code(), ExitCode::model) << "byte " << place;
        ++refused;
      }
    }
    change_byte(file, place, whole[place]);
  }
  EXPECT_GT(refused, 2000);  // the rest is padding and the 'version' entry
}

TEST(WeightsFile, SurvivesAnyByteOfAStreamBeingWrong) {
  const TemporaryFolder temporary;
  const auto file = temporary.path() / "stream.pth";
  for (const char* name : {"stream.pth", "old.pth"}) {
    const std::string whole = bytes_of(folder / name);
    write_bytes(file, whole);
    for (std::size_t place = 0; place < whole.size(); ++place) {
      for (const char flip : {'\x01', '\x10', '\x7f', '\x80', '\xff'}) {
        change_byte(file, place, static_cast<char>(whole[place] ^ flip));
        try {
          (void)read_weights(file);
        } catch (const Error& e) {
          ASSERT_EQ(e.code(), ExitCode::model) << name << ", byte " << place;
        }
      }
      change_byte(file, place, whole[place]);
    }
  }
}

std::string refusal_of_contents(const std::string& contents) {
  const TemporaryFolder temporary;
  write_bytes(temporary.path() / "w.pth", stream_around(contents));
  return refusal(temporary.path() / "w.pth");
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(WeightsFile, IsNotExhaustedByPicklesThatGrow) {
  const std::string too_many = "holds more values than any network has";
  // A tuple in a tuple in a tuple …: no depth of calls follows from it.
  EXPECT_EQ(refusal_of_contents(")" + repeated("\x85", 900'000) + "."),
            "holds no dictionary of tensors");
  EXPECT_EQ(refusal_of_contents(repeated(")", 2'000'000) + "."), too_many);
  // One long tuple of arguments, asked for by many calls.
  const std::string name = "ctorch._utils\n_rebuild_tensor\n";
  EXPECT_EQ(refusal_of_contents(name + std::string("q\x00", 2) + "(" + repeated("N", 20'000) +
                                "tq\x01" + repeated(std::string("h\x00h\x01R", 5), 2'000) + "."),
            too_many);
  // A list that holds itself.
  EXPECT_EQ(refusal_of_contents(std::string("]q\x00h\x00"
                                            "a.",
                                            7)),
            "holds no dictionary of tensors");
  // Text of four thousand million bytes.
  EXPECT_EQ(refusal_of_contents("X\xff\xff\xff\xff."), "the file is truncated");
}

TEST(WeightsFile, RefusesTensorsBeyondTheirStorage) {
  const auto tensor = [](const std::string& offset, const std::string& size,
                         const std::string& stride) {
    return "}X\x01" + std::string(3, '\0') + "w" + "ctorch._utils\n_rebuild_tensor_v2\n((X\x07" +
           std::string(3, '\0') + "storage" + "ctorch\nFloatStorage\nX\x01" + std::string(3, '\0') +
           "0X\x03" + std::string(3, '\0') + "cpuK\x04tQ" + offset + size + "\x85" + stride +
           "\x85\x89}tRs.";
  };
  const std::string beyond = "tensor w reaches beyond its storage";
  // A storage of four values: K is a byte, J four with a sign, 0x8a up to 255.
  EXPECT_EQ(refusal_of_contents(tensor(std::string("K\x00", 2), "K\x05", "K\x01")), beyond);
  EXPECT_EQ(refusal_of_contents(tensor("K\x01", "K\x04", "K\x01")), beyond);
  EXPECT_EQ(refusal_of_contents(tensor("K\x04", "K\x01", "K\x01")), beyond);
  EXPECT_EQ(refusal_of_contents(tensor(std::string("K\x00", 2), "K\x03", "K\x02")), beyond);
  EXPECT_EQ(refusal_of_contents(
                tensor(std::string("K\x00", 2), "J\xff\xff\xff\x7f", std::string("K\x00", 2))),
            beyond)
      << "one value repeated over and over";
  const std::string huge = "\x8a\x08" + std::string(7, '\xff') + "\x7f";
  EXPECT_EQ(refusal_of_contents(tensor(huge, "K\x02", "K\x01")), beyond);
  EXPECT_EQ(refusal_of_contents(tensor(std::string("K\x00", 2), "K\x02", huge)), beyond);
  EXPECT_EQ(refusal_of_contents(tensor(std::string("K\x00", 2), huge, "K\x01")), beyond);
  EXPECT_EQ(refusal_of_contents(tensor("J\xff\xff\xff\xff", "K\x01", "K\x01")),
            "tensor w is not described as torch does");
  EXPECT_EQ(refusal_of_contents(tensor(std::string("K\x00", 2), "K\x04", "K\x01")),
            "the file is truncated")
      << "this one fits, but its values are not there";
}

}  // namespace
}  // namespace dawson::nn
