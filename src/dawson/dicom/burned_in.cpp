#include "dawson/dicom/burned_in.h"

#include <algorithm>
#include <cmath>

namespace dawson::dicom {
namespace {

constexpr int least_height = 5, greatest_height = 40;
constexpr int fewest_characters = 4;
constexpr std::size_t fewest_pixels = 40;  ///< of one brightness, that text is looked for in
constexpr int most_brightnesses = 4;

/// One connected set of pixels of one brightness.
struct Mark {
  int first_column, last_column, first_row, last_row;
  [[nodiscard]] int height() const { return last_row - first_row + 1; }
  [[nodiscard]] int width() const { return last_column - first_column + 1; }
};

/// Values that text may be drawn in: the brightest, and those that occur far more often than their
/// neighbours. Not the least: that is the background.
std::vector<float> brightnesses_of(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  std::vector<std::pair<float, std::size_t>> counts;
  for (const float v : values) {
    if (counts.empty() || counts.back().first != v) counts.push_back({v, 0});
    ++counts.back().second;
  }
  std::vector<std::pair<std::size_t, float>> found;
  for (std::size_t n = 1; n < counts.size(); ++n) {
    const auto [value, count] = counts[n];
    const bool brightest = n + 1 == counts.size();
    const std::size_t beside = std::max(counts[n - 1].second, brightest ? 0 : counts[n + 1].second);
    if (count >= fewest_pixels && (brightest || count > 3 * beside)) {
      found.push_back({count, value});
    }
  }
  std::sort(found.rbegin(), found.rend());
  if (found.size() > most_brightnesses) found.resize(most_brightnesses);
  std::vector<float> brightnesses;
  for (const auto& [count, value] : found) brightnesses.push_back(value);
  return brightnesses;
}

/// The 8-connected marks of one brightness that have a character's size.
class Marks {
 public:
  Marks(const std::vector<float>& values, int columns, float brightness)
      : columns_(columns), rows_(static_cast<int>(values.size()) / std::max(1, columns)) {
    open_.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) open_[i] = values[i] == brightness;
  }

  std::vector<Mark> find() {
    std::vector<Mark> marks;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (!open_[i]) continue;
      const Mark mark = follow(i);
      if (mark.height() >= least_height && mark.height() <= greatest_height &&
          mark.width() <= 2 * mark.height()) {
        marks.push_back(mark);
      }
    }
    return marks;
  }

 private:
  Mark follow(std::size_t start) {
    const int column = static_cast<int>(start) % columns_, row = static_cast<int>(start) / columns_;
    Mark mark{column, column, row, row};
    std::vector<std::size_t> waiting{start};
    open_[start] = false;
    while (!waiting.empty()) {
      const int x = static_cast<int>(waiting.back()) % columns_;
      const int y = static_cast<int>(waiting.back()) / columns_;
      waiting.pop_back();
      mark.first_column = std::min(mark.first_column, x);
      mark.last_column = std::max(mark.last_column, x);
      mark.first_row = std::min(mark.first_row, y);
      mark.last_row = std::max(mark.last_row, y);
      for (int b = std::max(0, y - 1); b <= std::min(rows_ - 1, y + 1); ++b) {
        for (int a = std::max(0, x - 1); a <= std::min(columns_ - 1, x + 1); ++a) {
          const std::size_t near = std::size_t(b) * std::size_t(columns_) + std::size_t(a);
          if (!open_[near]) continue;
          open_[near] = false;
          waiting.push_back(near);
        }
      }
    }
    return mark;
  }

  int columns_, rows_;
  std::vector<bool> open_;
};

/// Characters of one line have one height and one base line, and stand close.
bool follow_each_other(const Mark& a, const Mark& b) {
  const int gap = b.first_column - a.last_column;
  return std::abs(a.last_row - b.last_row) <= 1 && std::abs(a.height() - b.height()) <= 1 &&
         gap >= 1 && 2 * gap <= 3 * a.height();
}

void add_lines(std::vector<Mark> marks, std::vector<TextBox>& boxes) {
  std::sort(marks.begin(), marks.end(),
            [](const Mark& a, const Mark& b) { return a.first_column < b.first_column; });
  std::vector<bool> used(marks.size());
  for (std::size_t first = 0; first < marks.size(); ++first) {
    if (used[first]) continue;
    TextBox box{marks[first].first_column, marks[first].last_column, marks[first].first_row,
                marks[first].last_row};
    int characters = 1;
    std::size_t last = first;
    for (std::size_t next = first + 1; next < marks.size(); ++next) {
      if (used[next] || !follow_each_other(marks[last], marks[next])) continue;
      used[next] = true;
      last = next;
      ++characters;
      box.last_column = marks[next].last_column;
      box.first_row = std::min(box.first_row, marks[next].first_row);
      box.last_row = std::max(box.last_row, marks[next].last_row);
    }
    if (characters >= fewest_characters) boxes.push_back(box);
  }
}

}  // namespace

std::vector<TextBox> find_text(const std::vector<float>& picture, int columns) {
  std::vector<TextBox> boxes;
  for (const float brightness : brightnesses_of(picture)) {
    add_lines(Marks(picture, columns, brightness).find(), boxes);
  }
  return boxes;
}

void cover(std::vector<float>& picture, int columns, const std::vector<TextBox>& boxes) {
  constexpr int around = 2;
  if (boxes.empty()) return;
  const float least = *std::min_element(picture.begin(), picture.end());
  const int rows = static_cast<int>(picture.size()) / columns;
  for (const TextBox& box : boxes) {
    // Characters that were not told apart may stand before and after those that were.
    const int beside = around + 2 * (box.last_row - box.first_row + 1);
    for (int y = std::max(0, box.first_row - around);
         y <= std::min(rows - 1, box.last_row + around); ++y) {
      for (int x = std::max(0, box.first_column - beside);
           x <= std::min(columns - 1, box.last_column + beside); ++x) {
        picture[std::size_t(y) * std::size_t(columns) + std::size_t(x)] = least;
      }
    }
  }
}

}  // namespace dawson::dicom
