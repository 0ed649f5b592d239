// Pages that fill from the top: what does not fit goes to the next. Private to this room.
#pragma once

#include <functional>
#include <memory>
#include <vector>

namespace dawson::report {

/// Something of known height that is not broken between pages.
struct Block {
  double height = 0;
  std::function<void(double y)> draw;  ///< its top at y
  bool keep_with_next = false;         ///< a heading does not end a page
  bool on_new_page = false;
  /// Put above this block where it begins a page: a table's head. Null: nothing.
  std::shared_ptr<const Block> repeated_head = nullptr;
};

/// A block and where its top lies.
struct PlacedBlock {
  const Block* block = nullptr;
  double y = 0;
};

/// The pages that the blocks fill between `top` and `bottom`, in order; none for no blocks. A block
/// higher than a page has a page of its own. The blocks must outlive the result.
std::vector<std::vector<PlacedBlock>> paginate(const std::vector<Block>& blocks, double top,
                                               double bottom);

}  // namespace dawson::report
