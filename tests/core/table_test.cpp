#include "dawson/core/table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "support/temporary_folder.h"

namespace dawson::core {
namespace {

using ::dawson::testing::read;
using ::dawson::testing::TemporaryFolder;
using ::dawson::testing::write;

TEST(Table, ComesBackAsItWasWrittenWithASidecar) {
  const TemporaryFolder folder;
  Table table({{"case", "which scan"}, {"volume_ml", "lesion volume in ml"}});
  table.add_row({"sub-01", number(1.25, 2)});
  table.add_row({"sub\t02\nx", number(std::nan(""))});
  table.add_row({"", "0"});
  table.write(folder / "cases.tsv");
  EXPECT_EQ(read(folder / "cases.tsv"), "case\tvolume_ml\nsub-01\t1.25\nsub 02 x\tn/a\nn/a\t0\n");
  EXPECT_EQ(read_json(folder / "cases.json")["volume_ml"]["Description"], "lesion volume in ml");

  const Table back = Table::read(folder / "cases.tsv");
  ASSERT_EQ(back.rows().size(), 3U);
  EXPECT_EQ(back.rows()[0][back.column("volume_ml")], "1.25");
  EXPECT_TRUE(back.has_column("case"));
  EXPECT_FALSE(back.has_column("site"));
  EXPECT_THROW((void)back.column("site"), Error);
}

TEST(Table, ReadsWindowsLineEnds) {
  const TemporaryFolder folder;
  write(folder / "t.tsv", "a\tb\r\n1\t2\r\n");
  const Table table = Table::read(folder / "t.tsv");
  EXPECT_EQ(table.columns()[1].name, "b");
  EXPECT_EQ(table.rows()[0][1], "2");
}

TEST(Table, NamesTheLineOfARaggedRow) {
  const TemporaryFolder folder;
  write(folder / "t.tsv", "a\tb\n1\t2\n3\n");
  try {
    Table::read(folder / "t.tsv");
    FAIL() << "a ragged table was read";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_NE(std::string(e.what()).find("line 3 has 1 cells where the header has 2"),
              std::string::npos);
  }
  write(folder / "empty.tsv", "");
  EXPECT_THROW(Table::read(folder / "empty.tsv"), Error);
  EXPECT_THROW(Table::read(folder / "none.tsv"), Error);
}

TEST(Table, RefusesARowOfAnotherLength) {
  Table table({{"a", ""}, {"b", ""}});
  EXPECT_THROW(table.add_row({"1"}), std::invalid_argument);
}

TEST(Number, KeepsItsDecimalsAndCallsTheRestUnknown) {
  EXPECT_EQ(number(0.123456), "0.1235");
  EXPECT_EQ(number(-2, 0), "-2");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "n/a");
}

TEST(Json, KeepsKeyOrderAndNamesTheFileWhenBroken) {
  const TemporaryFolder folder;
  write_json(folder / "a.json", {{"z", 1}, {"a", "\xff bad byte"}});
  const Json back = read_json(folder / "a.json");
  EXPECT_EQ(back.begin().key(), "z");
  write(folder / "b.json", "{\"a\": ");
  try {
    read_json(folder / "b.json", ExitCode::model);
    FAIL() << "broken JSON was read";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::model);
    EXPECT_NE(std::string(e.what()).find("b.json"), std::string::npos);
  }
}

}  // namespace
}  // namespace dawson::core
