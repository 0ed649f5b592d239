#include "dawson/report/pdf_flow.h"

namespace dawson::report {
namespace {

/// The height of a block together with what must stand on the same page.
double height_with_next(const std::vector<Block>& blocks, std::size_t first) {
  double height = 0;
  for (std::size_t i = first; i < blocks.size(); ++i) {
    height += blocks[i].height;
    if (!blocks[i].keep_with_next) break;
  }
  return height;
}

}  // namespace

std::vector<std::vector<PlacedBlock>> paginate(const std::vector<Block>& blocks, double top,
                                               double bottom) {
  std::vector<std::vector<PlacedBlock>> pages;
  double y = top;
  bool kept = false;  // with the block before
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    const bool full = !kept && y > top && y + height_with_next(blocks, i) > bottom;
    if (pages.empty() || full || (block.on_new_page && y > top)) {
      pages.emplace_back();
      y = top;
      if (block.repeated_head) {
        pages.back().push_back({block.repeated_head.get(), y});
        y += block.repeated_head->height;
      }
    }
    pages.back().push_back({&block, y});
    y += block.height;
    kept = block.keep_with_next;
  }
  return pages;
}

}  // namespace dawson::report
