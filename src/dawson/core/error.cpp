#include "dawson/core/error.h"

#include <utility>

namespace dawson {

Error::Error(ExitCode code, std::string what, std::string where, std::string what_to_do)
    : code_(code),
      what_(std::move(what)),
      where_(std::move(where)),
      what_to_do_(std::move(what_to_do)) {
  compose();
}

void Error::add_context(const std::string& context) {
  context_ = context_.empty() ? context : context + ": " + context_;
  compose();
}

void Error::compose() {
  sentence_.clear();
  if (!context_.empty()) sentence_ += context_ + ": ";
  if (!where_.empty()) sentence_ += where_ + ": ";
  sentence_ += what_;
  if (!what_to_do_.empty()) sentence_ += "; " + what_to_do_;
}

}  // namespace dawson
