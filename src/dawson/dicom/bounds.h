// Whether a DICOM file is safe to hand to a parser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace dawson::dicom {

/// Sequences within sequences; DCMTK recurses into each, and its stack ends at some ten thousand.
/// Enhanced MR has three.
constexpr std::size_t deepest_nesting = 64;
/// Elements, items and fragments; each costs a parser some hundred bytes. Enhanced MR of a thousand
/// frames has a hundred thousand.
constexpr std::size_t most_elements = 2'000'000;
/// Bytes that a deflated data set may become.
constexpr std::uint64_t most_inflated = std::uint64_t(2) << 30;

/// Walks through the elements of a file and leaves their values unread. Where it cannot follow (an
/// unknown value representation, marks out of place), a deflated file is refused, and in others
/// each mark of an item in the rest counts as a level. Throws Error{input} where a bound is passed,
/// a value would end behind the file, or the file cannot be read.
void require_bounded(const std::filesystem::path& file);

}  // namespace dawson::dicom
