// Files that are made to exhaust a parser are refused before it sees them.
#include "dawson/dicom/bounds.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "dawson/core/error.h"
#include "dawson/dicom/header.h"
#include "dicom/made_series.h"
#include "support/temporary_folder.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;
using std::string_literals::operator""s;

const std::string item_mark = "\xFE\xFF\x00\xE0"s, undefined = "\xFF\xFF\xFF\xFF"s;

std::string bytes_of(std::uint32_t value, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

/// A file with its meta information, which names the transfer syntax.
std::string file_of(std::string syntax, const std::string& data) {
  if (syntax.size() % 2 == 1) syntax += '\0';
  const std::string uid =
      "\x02\x00\x10\x00UI"s + bytes_of(static_cast<std::uint32_t>(syntax.size()), 2) + syntax;
  return std::string(128, '\0') + "DICM" + "\x02\x00\x00\x00UL"s + bytes_of(4, 2) +
         bytes_of(static_cast<std::uint32_t>(uid.size()), 4) + uid + data;
}

const std::string implicit = "1.2.840.10008.1.2", plain = "1.2.840.10008.1.2.1",
                  deflated = "1.2.840.10008.1.2.1.99", big_endian = "1.2.840.10008.1.2.2",
                  jpeg = "1.2.840.10008.1.2.4.70";

/// One level of (0040,A730), without end.
const std::string level = "\x40\x00\x30\xA7SQ\0\0"s + undefined + item_mark + undefined;
const std::string implicit_level = "\x40\x00\x30\xA7"s + undefined + item_mark + undefined;

std::string deflate_all(const std::string& data, int flush) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(data.size() + 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, flush);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class Bounds : public ::testing::Test {
 protected:
  /// What is said of a file with these bytes; "taken" where nothing is.
  std::string said(const std::string& content) {
    testing::write(folder_ / "file", content);
    try {
      require_bounded(folder_ / "file");
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
      return e.fact();
    }
    return "taken";
  }
  testing::TemporaryFolder folder_;
};

TEST_F(Bounds, HoldForSequencesOfEveryCoding) {
  const std::string deep = "has sequences nested more than 64 deep";
  EXPECT_EQ(said(file_of(plain, repeated(level, 1'000'000))), deep);
  EXPECT_EQ(said(file_of(implicit, repeated(implicit_level, 1'000'000))), deep);
  EXPECT_EQ(said(file_of(deflated, deflate_all(repeated(level, 10'000), Z_FINISH))), deep);
  EXPECT_EQ(said(file_of(jpeg, repeated(level, 65))), deep);
  EXPECT_EQ(said(file_of(plain, repeated(level, 64))), "taken");
  EXPECT_EQ(said(repeated(implicit_level, 65)), deep) << "without meta information";
  const std::string big = "\x00\x40\xA7\x30SQ\0\0"s + undefined + "\xFF\xFE\xE0\x00"s + undefined;
  EXPECT_EQ(said(file_of(big_endian, repeated(big, 65))), deep);
  const std::string unknown = "\x09\x00\x10\x10UN\0\0"s + undefined + item_mark + undefined;
  EXPECT_EQ(said(file_of(plain, unknown + repeated(implicit_level, 64))), deep)
      << "UN of undefined length is implicit within";
}

TEST_F(Bounds, HoldForSequencesThatSayHowLongTheyAre) {
  const auto nested = [](const std::string& head, int levels) {
    std::string inner;
    for (int i = 0; i < levels; ++i) {
      const auto size = static_cast<std::uint32_t>(inner.size());
      inner = head + bytes_of(size + 8, 4) + item_mark + bytes_of(size, 4) + inner;
    }
    return inner;
  };
  EXPECT_NE(said(file_of(plain, nested("\x40\x00\x30\xA7SQ\0\0"s, 65))), "taken");
  EXPECT_EQ(said(file_of(plain, nested("\x40\x00\x30\xA7SQ\0\0"s, 64))), "taken");
  // Private, implicit: only the first bytes of its value show that it is a sequence.
  EXPECT_NE(said(file_of(implicit, nested("\x09\x00\x10\x10"s, 65))), "taken");
  // Siblings are no levels.
  EXPECT_EQ(said(file_of(plain, repeated(nested("\x40\x00\x30\xA7SQ\0\0"s, 2), 5000))), "taken");
}

TEST_F(Bounds, HoldForFragmentsAndElements) {
  const std::string many = "has more than two million elements";
  const std::string pixels = "\xE0\x7F\x10\x00OB\0\0"s + undefined;
  EXPECT_EQ(said(file_of(jpeg, pixels + repeated(item_mark + bytes_of(0, 4), 2'100'000))), many);
  EXPECT_EQ(said(file_of(plain, repeated("\x09\x00\x10\x10LO\0\0"s, 2'100'000))), many);
  EXPECT_EQ(said(file_of(jpeg, pixels + repeated(item_mark + bytes_of(0, 4), 1000))), "taken");
}

TEST_F(Bounds, HoldForWhatInflates) {
  // A megabyte of zeros that can be said any number of times.
  const std::string megabyte = deflate_all(std::string(1 << 20, '\0'), Z_FULL_FLUSH);
  const auto file = [&](std::uint32_t megabytes) {
    const std::string head = "\x09\x00\x10\x10OB\0\0"s + bytes_of(megabytes << 20, 4);
    return file_of(deflated, deflate_all(head, Z_FULL_FLUSH) + repeated(megabyte, int(megabytes)));
  };
  EXPECT_EQ(said(file(2100)), "inflates to more than 2 GiB");
  EXPECT_EQ(said(file(20)), "taken");
}

TEST_F(Bounds, HoldForWhatAValueIsSaidToBe) {
  const std::string cut = "is cut short, or promises more than it has";
  const std::string four_gigabytes = "\x09\x00\x10\x10OB\0\0"s + bytes_of(0xFFFFFFF0, 4);
  EXPECT_EQ(said(file_of(plain, four_gigabytes)), cut);
  EXPECT_EQ(said(file_of(plain, level + four_gigabytes)), cut);
  EXPECT_EQ(said(file_of(deflated, deflate_all(four_gigabytes, Z_FINISH))), cut);
  const std::string pixels = "\xE0\x7F\x10\x00OB\0\0"s + undefined;
  EXPECT_EQ(said(file_of(jpeg, pixels + item_mark + bytes_of(0xFFFFFFF0, 4))), cut);
  EXPECT_EQ(said(file_of(plain, "\x09\x00\x10\x10OB\0\0"s + bytes_of(2, 4) + "ab")), "taken");
}

TEST_F(Bounds, AreCautiousWhereTheWayIsLost) {
  const std::string lost = "\x09\x00\x10\x10??\0\0"s;
  EXPECT_EQ(said(file_of(plain, lost + repeated(level, 100))), "taken");
  EXPECT_EQ(said(file_of(plain, lost + repeated(level, 2000))),
            "cannot be followed, and has very many items");
  EXPECT_EQ(said(file_of(plain, item_mark + repeated(level, 2000))),
            "cannot be followed, and has very many items");
  EXPECT_EQ(said(file_of(deflated, deflate_all(lost + repeated(level, 1), Z_FINISH))),
            "is deflated and cannot be followed");
  std::string hidden = file_of(deflated, deflate_all(level, Z_FINISH));
  hidden[132] = 0;  // the first element of the meta information is of group 0
  EXPECT_EQ(said(hidden), "has damaged meta information");
}

TEST_F(Bounds, LetEverySeriesPass) {
  const volume::Image image = made::numbered(made::oblique_grid());
  for (const E_TransferSyntax syntax : {EXS_LittleEndianImplicit, EXS_BigEndianExplicit,
                                        EXS_DeflatedLittleEndianExplicit, EXS_RLELossless}) {
    made::SeriesSettings s;
    s.syntax = syntax;
    const fs::path in = folder_ / std::to_string(syntax);
    made::write_series(in / "classic", image, s);
    made::write_enhanced(in / "enhanced" / "IM", image, s);
    for (const auto& entry : fs::recursive_directory_iterator(in)) {
      if (entry.is_regular_file()) {
        EXPECT_NO_THROW(require_bounded(entry.path())) << entry.path();
      }
    }
  }
  EXPECT_EQ(said(""), "taken");
  EXPECT_EQ(said("DICM"), "taken");
}

TEST_F(Bounds, AreCheckedBeforeAHeaderIsRead) {
  testing::write(folder_ / "deep", file_of(plain, repeated(level, 1'000'000)));
  EXPECT_THROW((void)read_header(folder_ / "deep"), Error);
}

}  // namespace
}  // namespace dawson::dicom
