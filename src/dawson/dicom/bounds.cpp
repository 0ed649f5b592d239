#include "dawson/dicom/bounds.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dawson/core/error.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t undefined_length = 0xFFFFFFFF;
constexpr std::uint64_t no_end = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint16_t item_group = 0xFFFE, item = 0xE000, item_end = 0xE00D,
                        sequence_end = 0xE0DD;
constexpr std::string_view item_mark("\xFE\xFF\x00\xE0", 4), big_endian_mark("\xFF\xFE\xE0\x00", 4);
/// Levels that a parser's stack surely has room for, where they are only guessed at.
constexpr std::size_t deepest_guess = 1000;

/// The bytes of a data set, inflated where they have to be.
class Source {
 public:
  explicit Source(const fs::path& file) : file_(file), in_(file, std::ios::binary) {
    std::error_code error;
    size_ = fs::file_size(file, error);
    if (!in_ || error) throw Error(ExitCode::input, "cannot be read", file.string());
  }
  ~Source() {
    if (inflating_) inflateEnd(&stream_);
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  /// What follows is deflated, without zlib's own header.
  void begin_inflating() {
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
    inflating_ = true;
  }

  [[nodiscard]] bool is_inflating() const { return inflating_; }

  /// Before anything is inflated.
  void seek(std::uint64_t position) {
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(position));
    ahead_.clear();
    position_ = position;
  }

  /// Fewer than asked for only where the data end.
  std::size_t read(char* to, std::size_t count) {
    const std::size_t known = std::min(count, ahead_.size());
    ahead_.copy(to, known);
    ahead_.erase(0, known);
    const std::size_t got = known + fetch(to + known, count - known);
    position_ += got;
    return got;
  }

  /// False where the data end before that.
  [[nodiscard]] bool skip(std::uint64_t count) {
    if (!inflating_ && count > ahead_.size()) {
      seek(position_ + count);
      return position_ <= size_;
    }
    std::array<char, 16384> dropped;
    while (count > 0) {
      const std::size_t got =
          read(dropped.data(), static_cast<std::size_t>(std::min<std::uint64_t>(count, 16384)));
      if (got == 0) return false;
      count -= got;
    }
    return true;
  }

  [[nodiscard]] bool continues_with(std::string_view text) {
    std::string more(text.size() - std::min(text.size(), ahead_.size()), '\0');
    more.resize(fetch(more.data(), more.size()));
    ahead_ += more;
    return ahead_.starts_with(text);
  }

  [[nodiscard]] std::uint64_t position() const { return position_; }

 private:
  std::size_t fetch(char* to, std::size_t count) {
    return inflating_ ? inflate_some(to, count) : read_file(to, count);
  }

  std::size_t read_file(char* to, std::size_t count) {
    in_.read(to, static_cast<std::streamsize>(count));
    return static_cast<std::size_t>(in_.gcount());
  }

  std::size_t inflate_some(char* to, std::size_t count) {
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(count);
    while (stream_.avail_out > 0) {
      if (stream_.avail_in == 0) {
        stream_.avail_in = static_cast<uInt>(read_file(packed_.data(), packed_.size()));
        stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
        if (stream_.avail_in == 0) break;
      }
      if (inflate(&stream_, Z_NO_FLUSH) != Z_OK) break;  // the end, or damage: the parser tells
    }
    if (stream_.total_out > most_inflated) {
      throw Error(ExitCode::input, "inflates to more than 2 GiB", file_.string());
    }
    return count - stream_.avail_out;
  }

  const fs::path& file_;
  std::ifstream in_;
  std::string ahead_;  ///< read already, and not yet taken
  std::uint64_t size_ = 0, position_ = 0;
  bool inflating_ = false;
  z_stream stream_{};
  std::array<char, 65536> packed_{};
};

struct Coding {
  bool is_explicit = true;
  bool is_big_endian = false;
};

/// Of a transfer syntax; of JPEG and the others too, which are explicit and little-endian.
Coding coding_of(const std::string& syntax) {
  if (syntax == "1.2.840.10008.1.2") return {.is_explicit = false};
  return {.is_explicit = true, .is_big_endian = syntax == "1.2.840.10008.1.2.2"};
}

constexpr std::string_view deflated_syntax = "1.2.840.10008.1.2.1.99";
bool is_deflated(const std::string& syntax) {
  return syntax == deflated_syntax;
}

struct Element {
  std::uint16_t group = 0, number = 0;
  std::string vr;  ///< empty: not said
  std::uint32_t length = 0;
};

bool is_one_of(std::string_view vr, std::string_view all) {
  return std::all_of(vr.begin(), vr.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         all.find(vr) != std::string_view::npos;
}
/// Their length has four bytes, after two that are reserved.
bool is_long(std::string_view vr) {
  return is_one_of(vr, "OB OD OF OL OV OW SQ SV UC UN UR UT UV");
}
bool is_short(std::string_view vr) {
  return is_one_of(vr, "AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US");
}

class Walker {
 public:
  explicit Walker(const fs::path& file) : file_(file), source_(file) {}

  void walk() {
    begin();
    while (const std::optional<Element> element = next()) {
      if (!follow(*element)) return assume_the_worst();
    }
  }

 private:
  /// An open sequence or item.
  struct Level {
    bool is_sequence;
    std::uint64_t end;
    Coding around;  ///< how what contains it is coded
  };

  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ExitCode::input, why, file_.string());
  }

  [[nodiscard]] std::uint32_t number(const char* bytes, std::size_t count) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char byte = bytes[coding_.is_big_endian ? i : count - 1 - i];
      value = value << 8U | static_cast<unsigned char>(byte);
    }
    return value;
  }

  /// Passes over the preamble and the meta information, which say how the rest is coded.
  void begin() {
    std::array<char, 132> head{};
    const std::size_t got = source_.read(head.data(), head.size());
    source_.seek(got);
    if (std::string_view(head.data() + 128, 4) != "DICM") {
      source_.seek(0);
      const std::string_view vr(head.data() + 4, 2);
      coding_ = {is_long(vr) || is_short(vr), head[0] == 0 && head[1] != 0};
      return;
    }
    std::string syntax;
    std::uint64_t start = source_.position();
    for (auto e = next(); e && e->group == 2; e = next()) {
      if (e->number == 0x10 && e->length <= 64) {
        syntax.resize(e->length);
        syntax.resize(source_.read(syntax.data(), syntax.size()));
        syntax.erase(std::find(syntax.begin(), syntax.end(), '\0'), syntax.end());
      } else {
        pass_value(*e);
      }
      start = source_.position();
    }
    // Where the meta information is damaged, DCMTK may find the syntax that is not found here.
    source_.seek(0);
    std::string first(65536, '\0');
    first.resize(source_.read(first.data(), first.size()));
    if (!is_deflated(syntax) && first.find(deflated_syntax) != std::string::npos) {
      refuse("has damaged meta information");
    }
    source_.seek(start);
    coding_ = coding_of(syntax);
    if (is_deflated(syntax)) source_.begin_inflating();
  }

  std::optional<Element> next() {
    while (!open_.empty() && source_.position() >= open_.back().end) close();
    std::array<char, 8> b{};
    if (source_.read(b.data(), b.size()) < b.size()) return {};
    if (++elements_ > most_elements) refuse("has more than two million elements");
    Element e;
    e.group = static_cast<std::uint16_t>(number(b.data(), 2));
    e.number = static_cast<std::uint16_t>(number(b.data() + 2, 2));
    if (e.group == item_group || !coding_.is_explicit) {
      e.length = number(b.data() + 4, 4);
      return e;
    }
    e.vr.assign(b.data() + 4, 2);
    if (is_long(e.vr)) {
      std::array<char, 4> length{};
      if (source_.read(length.data(), length.size()) < length.size()) return {};
      e.length = number(length.data(), 4);
    } else {
      e.length = number(b.data() + 6, 2);
    }
    return e;
  }

  /// False where it is not clear how a parser would go on.
  bool follow(const Element& e) {
    if (e.group == item_group) return follow_mark(e);
    if (!e.vr.empty() && !is_long(e.vr) && !is_short(e.vr)) return false;
    const bool undefined = e.length == undefined_length;
    if (e.group == 0x7FE0 && e.number == 0x10 && undefined) return pass_fragments();
    const bool untold = e.vr.empty() || e.vr == "UN";
    const bool holds_items = untold && (undefined || source_.continues_with(item_mark) ||
                                        source_.continues_with(big_endian_mark));
    if (e.vr == "SQ" || holds_items) {
      open(true, e.length);
      if (e.vr == "UN") coding_ = {.is_explicit = false};  // PS3.5 6.2.2, note 4
      if (++depth_ > deepest_nesting) refuse("has sequences nested more than 64 deep");
      return true;
    }
    if (undefined) return false;
    pass_value(e);
    return true;
  }

  void pass_value(const Element& e) {
    if (!source_.skip(e.length)) refuse("is cut short, or promises more than it has");
  }

  bool follow_mark(const Element& e) {
    const bool in_sequence = !open_.empty() && open_.back().is_sequence;
    switch (e.number) {
      case item:
        if (in_sequence) open(false, e.length);
        return in_sequence;
      case item_end:
        if (open_.empty() || in_sequence) return false;
        close();
        return true;
      case sequence_end:
        if (!in_sequence) return false;
        close();
        return true;
      default:
        return false;
    }
  }

  void open(bool is_sequence, std::uint32_t length) {
    open_.push_back(
        {is_sequence, length == undefined_length ? no_end : source_.position() + length, coding_});
  }

  void close() {
    if (open_.back().is_sequence) --depth_;
    coding_ = open_.back().around;
    open_.pop_back();
  }

  bool pass_fragments() {
    while (const std::optional<Element> e = next()) {
      if (e->group != item_group) return false;
      if (e->number == sequence_end) return true;
      if (e->number != item || e->length == undefined_length) return false;
      pass_value(*e);
    }
    return true;
  }

  void assume_the_worst() {
    // DCMTK takes memory for the values of deflated data as they say, however long.
    if (source_.is_inflating()) refuse("is deflated and cannot be followed");
    std::size_t marks = depth_;
    std::string text(65536, '\0');
    std::size_t kept = 0;
    for (std::size_t got; (got = source_.read(text.data() + kept, text.size() - kept)) > 0;) {
      const std::string_view seen(text.data(), kept + got);
      for (const std::string_view mark : {item_mark, big_endian_mark}) {
        for (std::size_t at = seen.find(mark); at != std::string_view::npos;
             at = seen.find(mark, at + 1)) {
          ++marks;
        }
      }
      if (marks > deepest_guess) refuse("cannot be followed, and has very many items");
      kept = std::min<std::size_t>(seen.size(), 3);
      text.replace(0, kept, std::string(seen.substr(seen.size() - kept)));
    }
  }

  const fs::path& file_;
  Source source_;
  Coding coding_;
  std::vector<Level> open_;
  std::size_t depth_ = 0;  ///< sequences among `open_`
  std::size_t elements_ = 0;
};

}  // namespace

void require_bounded(const fs::path& file) {
  Walker(file).walk();
}

}  // namespace dawson::dicom
