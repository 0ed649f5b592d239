// model.json beside weights that fit the corpus's: opened, and its cost reckoned.
#include "dawson/bundle/bundle.h"
#include "dawson/nn/graph.h"
#include "scratch.h"

namespace {

/// The folder of a bundle, whose model.json changes.
class Folder {
 public:
  Folder() {
    const char* model = std::getenv("FUZZ_BUNDLE");
    if (model == nullptr) throw std::runtime_error("FUZZ_BUNDLE: a bundle's folder");
    for (const char* name : {"weights.safetensors", "card.md"}) {
      std::filesystem::create_symlink(std::filesystem::absolute(model) / name,
                                      scratch_.folder() / name);
    }
  }
  void read(const std::uint8_t* data, std::size_t size) const {
    scratch_.write("model.json", data, size);
    dawson::fuzz::refuse_or([&] {
      const auto bundle = dawson::bundle::Bundle::open(scratch_.folder());
      const int size = 4 * bundle.graph->stride();
      (void)bundle.graph->cost(1, size, size);
    });
  }

 private:
  dawson::fuzz::Scratch scratch_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  folder.read(data, size);
  return 0;
}
