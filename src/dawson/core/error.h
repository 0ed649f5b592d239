// The one exception type of dawson and the exit codes it leads to (docs/contract.md).
#pragma once

#include <exception>
#include <string>

namespace dawson {

/// What a process that stops for this reason returns to its caller.
enum class ExitCode : int {
  done = 0,
  usage = 2,          ///< the command line or a setting is wrong
  input = 3,          ///< an input cannot be used
  output = 4,         ///< an output cannot be written
  model = 5,          ///< a model or its weights cannot be used
  resources = 6,      ///< not enough memory, or no such device
  partial = 7,        ///< some of many cases failed; the rest is done
  check = 8,          ///< a check that was asked for failed
  defect = 70,        ///< a mistake in dawson itself
  interrupted = 130,  ///< the user stopped it
};

/// Thrown where the fact is known; `cli` turns it into one sentence and an exit code.
///
/// The sentence reads "where: what; what_to_do". `what` says the fact ("the file is truncated"),
/// `where` names the thing it is about (a path, an option), `what_to_do` helps the reader on and
/// may be empty. Rooms on the way may add context ("while reading case sub-01") with `add_context`.
class Error : public std::exception {
 public:
  Error(ExitCode code, std::string what, std::string where = {}, std::string what_to_do = {});

  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& fact() const noexcept { return what_; }
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  [[nodiscard]] const std::string& what_to_do() const noexcept { return what_to_do_; }

  /// Puts `context` before the sentence; used in `catch (Error& e) { e.add_context(...); throw; }`.
  void add_context(const std::string& context);

  /// The whole sentence, one line, without a trailing full stop or newline.
  [[nodiscard]] const char* what() const noexcept override { return sentence_.c_str(); }

 private:
  void compose();

  ExitCode code_;
  std::string what_;
  std::string where_;
  std::string what_to_do_;
  std::string context_;
  std::string sentence_;
};

}  // namespace dawson
