// A stranger's program: makes a small scan, writes it, reads it back and counts its lesions.
#include <iostream>

#include "dawson/lesions/lesions.h"
#include "dawson/volume/nifti.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  dawson::volume::Grid grid;
  grid.size = {20, 20, 10};
  grid.spacing = {1, 1, 2};
  dawson::volume::Mask mask(grid);
  mask.at(3, 3, 3) = 1;  // 2 mm³: too small to count
  mask.at(10, 10, 5) = 1;
  mask.at(11, 11, 6) = 1;  // touches by a corner: one lesion of 4 mm³
  dawson::volume::write_nifti(argv[1], mask);

  const dawson::volume::Mask read = dawson::volume::read_nifti_mask(argv[1]);
  const auto components =
      dawson::lesions::find_components(read.data, {read.grid.size, read.grid.spacing});
  const std::size_t lesions = dawson::lesions::count_lesions(components);
  std::cout << components.components.size() << " components, " << lesions << " lesion\n";
  return components.components.size() == 2 && lesions == 1 ? 0 : 1;
}
