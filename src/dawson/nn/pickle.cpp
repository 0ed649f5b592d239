#include "dawson/nn/pickle.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "dawson/core/error.h"

namespace dawson::nn {
namespace {

using Kind = PickleValue::Kind;
using Ref = std::size_t;

constexpr std::size_t most_values = 1'000'000;  // a ResNet-50 has some ten thousand
constexpr const char* ordered_dictionary = "collections.OrderedDict";

class Machine {
 public:
  Machine(std::string_view bytes, const std::vector<std::string>& allowed, const std::string& where)
      : bytes_(bytes), allowed_(allowed), where_(where) {}

  Pickle run() {
    while (step(static_cast<unsigned char>(take(1)[0]))) {
    }
    return std::move(pickle_);
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ExitCode::model, why, where_);
  }
  [[noreturn]] void refuse_structure() const { refuse("holds a pickle that makes no sense"); }

  // Bytes

  std::string_view take(std::size_t count) {
    if (count > bytes_.size() - place_) refuse("the file is truncated");
    place_ += count;
    return bytes_.substr(place_ - count, count);
  }
  std::uint64_t number(std::size_t bytes) {
    const std::string_view text = take(bytes);
    std::uint64_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8U | static_cast<unsigned char>(text[i]);
    return value;
  }
  std::string_view line() {
    const std::size_t end = bytes_.find('\n', place_);
    if (end == std::string_view::npos) refuse("the file is truncated");
    const std::string_view text = take(end - place_);
    take(1);
    return text;
  }

  // Values and the stack

  PickleValue& at(Ref ref) { return pickle_.values[ref]; }
  void push(PickleValue value) {
    if (pickle_.values.size() >= most_values) refuse("holds more values than any network has");
    pickle_.values.push_back(std::move(value));
    stack_.push_back(pickle_.values.size() - 1);
  }
  void push_call(const std::string& name, const std::vector<Ref>& arguments) {
    count_items(arguments);
    push({Kind::call, 0, name, arguments, {}});
  }
  void push(Kind kind, std::int64_t integer = 0) { push({kind, integer, {}, {}, {}}); }
  void push_text(std::string_view text) { push({Kind::text, 0, std::string(text), {}, {}}); }
  void push_items(Kind kind, std::vector<Ref> items) {
    count_items(items);
    push({kind, 0, {}, std::move(items), {}});
  }
  /// One long list of arguments, named again and again, must not fill the memory.
  void count_items(const std::vector<Ref>& items) {
    items_ += items.size();
    if (items_ > 10 * most_values) refuse("holds more values than any network has");
  }

  /// Values below the last mark are out of reach until that is taken away.
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  void require(std::size_t count) const {
    if (stack_.size() - floor() < count) refuse_structure();
  }
  Ref top() const {
    require(1);
    return stack_.back();
  }
  Ref pop() {
    const Ref ref = top();
    stack_.pop_back();
    return ref;
  }
  std::vector<Ref> pop(std::size_t count) {
    require(count);
    std::vector<Ref> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }
  std::vector<Ref> pop_to_mark() {
    if (marks_.empty()) refuse_structure();
    std::vector<Ref> items = pop(stack_.size() - marks_.back());
    marks_.pop_back();
    return items;
  }

  // Instructions that take more than a line

  void push_long() {
    const std::string_view digits = take(number(1));
    if (digits.size() > 8) return push({Kind::large_integer, 0, std::string(digits), {}, {}});
    const bool negative = !digits.empty() && (static_cast<unsigned char>(digits.back()) & 0x80U);
    std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
    for (std::size_t i = digits.size(); i-- > 0;) {
      value = value << 8U | static_cast<unsigned char>(digits[i]);
    }
    push(Kind::integer, static_cast<std::int64_t>(value));
  }

  void push_name(const std::string& module, const std::string& name) {
    std::string full = module + "." + name;
    if (std::find(allowed_.begin(), allowed_.end(), full) == allowed_.end()) {
      std::string shown = full.substr(0, 80);
      std::replace_if(
          shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
      throw Error(ExitCode::model, "the file asks to run " + shown + ": refused", where_,
                  "use a file that holds tensors alone");
    }
    push({Kind::name, 0, std::move(full), {}, {}});
  }

  void name_from_stack() {
    const Ref name = pop(), module = pop();
    if (at(module).kind != Kind::text || at(name).kind != Kind::text) refuse_structure();
    push_name(at(module).text, at(name).text);
  }

  void remember(std::uint64_t place) { memo_[place] = top(); }
  void recall(std::uint64_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) refuse_structure();
    stack_.push_back(found->second);
  }

  void append(std::vector<Ref> items) {
    PickleValue& list = at(top());
    if (list.kind != Kind::list) refuse_structure();
    list.items.insert(list.items.end(), items.begin(), items.end());
  }
  void set_items(std::vector<Ref> items) {
    PickleValue& dictionary = at(top());
    if (dictionary.kind != Kind::dictionary || items.size() % 2 != 0) refuse_structure();
    dictionary.items.insert(dictionary.items.end(), items.begin(), items.end());
  }

  /// Python 2 wrote an OrderedDict as a call with a list of pairs, Python 3 as one without.
  std::vector<Ref> items_of_pairs(const std::vector<Ref>& arguments) {
    std::vector<Ref> items;
    if (arguments.empty()) return items;
    if (arguments.size() > 1 || at(arguments[0]).kind != Kind::list) refuse_structure();
    for (const Ref pair : at(arguments[0]).items) {
      const PickleValue& value = at(pair);
      if ((value.kind != Kind::list && value.kind != Kind::tuple) || value.items.size() != 2) {
        refuse_structure();
      }
      items.insert(items.end(), value.items.begin(), value.items.end());
    }
    return items;
  }

  void call() {
    const Ref arguments = pop(), callee = pop();
    if (at(callee).kind != Kind::name || at(arguments).kind != Kind::tuple) refuse_structure();
    const std::string name = at(callee).text;
    if (name == ordered_dictionary) {
      push_items(Kind::dictionary, items_of_pairs(at(arguments).items));
    } else {
      push_call(name, std::vector<Ref>(at(arguments).items));
    }
  }

  void set_state() {
    const Ref state = pop();
    PickleValue& object = at(top());
    // What hangs on a dictionary beside its entries (a state dict's _metadata) is of no use here.
    if (object.kind == Kind::dictionary) return;
    if (object.kind != Kind::call) refuse_structure();
    object.state = {state};
  }

  bool stop() {
    pickle_.root = pop();
    pickle_.bytes = place_;
    return false;
  }

  /// One instruction; false after the last.
  bool step(unsigned char code) {
    switch (code) {
      case 0x80:  // PROTO
        if (number(1) > 5) refuse("holds a pickle of a newer protocol");
        break;
      case 0x95:  // FRAME: how many bytes follow, for readers that read ahead
        number(8);
        break;
      case '.':
        return stop();
      case '(':
        marks_.push_back(stack_.size());
        break;
      case 'N':
        push(Kind::none);
        break;
      case 0x88:  // NEWTRUE
      case 0x89:  // NEWFALSE
        push(Kind::boolean, code == 0x88 ? 1 : 0);
        break;
      case 'J':  // BININT: the only one of the three that has a sign
        push(Kind::integer, static_cast<std::int32_t>(number(4)));
        break;
      case 'K':
        push(Kind::integer, static_cast<std::int64_t>(number(1)));
        break;
      case 'M':
        push(Kind::integer, static_cast<std::int64_t>(number(2)));
        break;
      case 0x8a:  // LONG1
        push_long();
        break;
      case 'G':  // BINFLOAT
        take(8);
        push(Kind::real);
        break;
      case 'X':  // BINUNICODE
      case 'T':  // BINSTRING, of Python 2
        push_text(take(number(4)));
        break;
      case 0x8c:  // SHORT_BINUNICODE
      case 'U':   // SHORT_BINSTRING, of Python 2
        push_text(take(number(1)));
        break;
      default:
        step_compound(code);
    }
    return true;
  }

  void step_compound(unsigned char code) {
    switch (code) {
      case 'h':
        return recall(number(1));
      case 'j':
        return recall(number(4));
      case 'q':
        return remember(number(1));
      case 'r':
        return remember(number(4));
      case 0x94:  // MEMOIZE
        return remember(memo_.size());
      case '}':
        return push_items(Kind::dictionary, {});
      case ']':
        return push_items(Kind::list, {});
      case ')':
        return push_items(Kind::tuple, {});
      case 't':
        return push_items(Kind::tuple, pop_to_mark());
      case 0x85:  // TUPLE1, TUPLE2, TUPLE3
      case 0x86:
      case 0x87:
        return push_items(Kind::tuple, pop(code - 0x84U));
      case 'a':
        return append(pop(1));
      case 'e':
        return append(pop_to_mark());
      case 's':
        return set_items(pop(2));
      case 'u':
        return set_items(pop_to_mark());
      case 'c': {  // GLOBAL
        const std::string module(line());
        return push_name(module, std::string(line()));
      }
      case 0x93:  // STACK_GLOBAL
        return name_from_stack();
      case 'R':   // REDUCE
      case 0x81:  // NEWOBJ
        return call();
      case 'b':  // BUILD
        return set_state();
      case 'Q':  // BINPERSID
        return push_items(Kind::persistent, pop(1));
      default:
        refuse("holds a pickle with the instruction " + std::to_string(code) +
               ", which no file of tensors needs");
    }
  }

  std::string_view bytes_;
  const std::vector<std::string>& allowed_;
  const std::string& where_;
  std::size_t place_ = 0;
  std::size_t items_ = 0;
  Pickle pickle_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;  ///< heights of the stack
  std::unordered_map<std::uint64_t, Ref> memo_;
};

}  // namespace

Pickle read_pickle(std::string_view bytes, const std::vector<std::string>& allowed,
                   const std::string& where) {
  return Machine(bytes, allowed, where).run();
}

}  // namespace dawson::nn
