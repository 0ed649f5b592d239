// Python's pickle format, read without doing what it says.
//
// A pickle is a program for a small machine that may call any function of Python. Here the machine
// keeps a description of each call and makes none; only names that the caller allows may appear at
// all. Of the instructions, those are known that dictionaries of tensors are written with
// (protocols 2 and 4, CPython's Lib/pickletools.py); any other ends the reading.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dawson::nn {

/// One value; others it holds are given by their place in Pickle::values, so that values which
/// contain each other do no harm.
struct PickleValue {
  enum class Kind {
    none,
    boolean,        ///< integer is 0 or 1
    integer,        ///< `integer`
    large_integer,  ///< of more than 64 bits: `text` holds its bytes, lowest first
    real,           ///< not kept
    text,           ///< `text`
    tuple,          ///< `items`
    list,           ///< `items`
    dictionary,     ///< `items`: key, value, key, value, …; also a collections.OrderedDict
    name,           ///< `text`: "module.name"
    call,           ///< `text`: what would be called, `items`: its arguments
    persistent,     ///< `items`: the one identifier of something stored elsewhere
  };
  Kind kind = Kind::none;
  std::int64_t integer = 0;
  std::string text;
  std::vector<std::size_t> items;
  std::vector<std::size_t> state;  ///< of a call: what its result would be set up with, if anything
};

struct Pickle {
  std::vector<PickleValue> values;
  std::size_t root = 0;   ///< the value that the pickle stands for
  std::size_t bytes = 0;  ///< how many the pickle took
};

/// Reads the pickle at the beginning of `bytes`. `allowed` are the names that may appear,
/// "module.name". Throws Error{model} about `where`: cut short, no pickle, an instruction that is
/// not known here, a name that is not allowed ("asks to run os.system: refused"), or more than a
/// million values.
Pickle read_pickle(std::string_view bytes, const std::vector<std::string>& allowed,
                   const std::string& where);

}  // namespace dawson::nn
