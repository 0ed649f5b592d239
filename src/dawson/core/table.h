// Tab-separated tables with a JSON sidecar that explains each column, as BIDS asks.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dawson::core {

/// A column's name and the sentence (with unit) that explains it.
struct Column {
  std::string name;
  std::string description;
};

/// A table of text cells. Numbers are formatted with `number`; unknown cells are "n/a".
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Throws std::invalid_argument when the row's length differs from the columns'.
  void add_row(std::vector<std::string> cells);
  [[nodiscard]] const std::vector<Column>& columns() const noexcept { return columns_; }
  [[nodiscard]] const std::vector<std::vector<std::string>>& rows() const noexcept { return rows_; }
  /// Position of a column. Throws Error{input} naming it when absent.
  [[nodiscard]] std::size_t column(const std::string& name) const;
  [[nodiscard]] bool has_column(const std::string& name) const noexcept;

  /// `file` (.tsv) and, beside it, the same name with .json.
  void write(const std::filesystem::path& file) const;
  /// Columns come without descriptions. Throws Error{input}, with the line, on ragged rows.
  static Table read(const std::filesystem::path& file);

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// `value` with that many decimals, or "n/a" when it is not finite.
std::string number(double value, int decimals = 4);

}  // namespace dawson::core
