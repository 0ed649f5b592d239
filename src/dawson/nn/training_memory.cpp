// The memory of a training step: forward, loss and backward are gone through in the order in which
// autograd runs them, and what is alive is added up.
//
// A value is a block of memory; a node that writes over its input goes on in the same block. A
// block lives until its last reader has run forward, and where backward needs it until the first
// node that keeps it has run backward. A gradient is a block too, made when the first reader of a
// value has run backward and freed when the value's own node has; further readers add theirs to it.
#include "dawson/nn/training_memory.h"

#include <algorithm>

#include "dawson/nn/graph_cost.h"
#include "dawson/nn/walks.h"

namespace dawson::nn {
namespace {

constexpr std::int64_t float_bytes = 4;
// Probabilities, targets and what dice_bce and its backward make of them: float32 numbers a logit.
constexpr std::int64_t loss_copies = 10;
// What an update of one parameter holds besides its state: torch's Adam makes a denominator and,
// with L2, a gradient of its own.
constexpr std::int64_t update_copies = 3;

constexpr int never = -1;

class Step {
 public:
  Step(const std::vector<Node>& nodes, const std::vector<Shape>& shapes, ComputeType type)
      : nodes_(nodes), shapes_(shapes), width_(type == ComputeType::bfloat16 ? 2 : 4) {
    find_blocks();
  }

  TrainingMemory run() {
    TrainingMemory memory;
    std::int64_t parameters = 0, largest = 0;
    for (const Node& node : nodes_) {
      for (const auto& item : node.parameters) {
        parameters += item.second.numel();
        largest = std::max<std::int64_t>(largest, item.second.numel());
      }
    }
    memory.kept = kept_by_node();
    alive_ = float_bytes * elements(shapes_.front());  // the batch as the caller holds it
    forward();
    hold(loss_copies * float_bytes * elements(shapes_.back()));
    backward();
    memory.peak = training_copies * float_bytes * parameters +
                  std::max(peak_, update_copies * float_bytes * largest);
    return memory;
  }

 private:
  struct Block {
    std::int64_t bytes = 0;
    std::size_t maker = 0;
    std::size_t last_read = 0;  ///< in forward
    int released_by = never;    ///< the first node whose backward needs it
    [[nodiscard]] bool kept() const { return released_by != never; }
  };
  struct Gradient {
    std::int64_t bytes = 0;
    int holders = 0;
  };

  [[nodiscard]] const Operation& operation(std::size_t i) const {
    return find_operation(nodes_[i].operation);
  }
  [[nodiscard]] std::int64_t value_bytes(std::size_t i) const {
    return width_ * elements(shapes_[i]);
  }
  [[nodiscard]] std::int64_t own_kept_bytes(std::size_t i) const {
    return operation(i).kept_bytes(nodes_[i], values_at(shapes_, nodes_[i].inputs), shapes_[i],
                                   width_);
  }
  Block& block(std::size_t i) { return blocks_[block_of_[i]]; }

  void find_blocks() {
    const Uses uses = find_uses(nodes_);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Operation& own = operation(i);
      const auto first =
          nodes_[i].inputs.empty() ? 0 : static_cast<std::size_t>(nodes_[i].inputs[0]);
      // Where backward needs what would be written over, autograd copies it beforehand.
      const bool in_place =
          own.overwrites() && may_overwrite(nodes_, uses, nodes_[i]) && !own.keeps_input(0);
      block_of_.push_back(in_place ? block_of_[first] : blocks_.size());
      if (!in_place) blocks_.push_back({value_bytes(i), i, i, never});
      for (std::size_t k = 0; k < nodes_[i].inputs.size(); ++k) {
        Block& read = block(static_cast<std::size_t>(nodes_[i].inputs[k]));
        read.last_read = i;
        if (own.keeps_input(k) && !read.kept()) read.released_by = static_cast<int>(i);
      }
      if (own.keeps_output() && !block(i).kept()) block(i).released_by = static_cast<int>(i);
    }
  }

  std::vector<std::int64_t> kept_by_node() {
    std::vector<std::int64_t> kept;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Block& made = block(i);
      kept.push_back(own_kept_bytes(i) + (made.maker == i && made.kept() ? made.bytes : 0));
    }
    return kept;
  }

  void hold(std::int64_t more) { peak_ = std::max(peak_, alive_ + more); }

  void forward() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (block(i).maker == i) alive_ += block(i).bytes;
      alive_ += own_kept_bytes(i);
      hold(operation(i).workspace_bytes(nodes_[i], values_at(shapes_, nodes_[i].inputs),
                                        shapes_[i]) /
           float_bytes * width_);
      for (const Block& read : blocks_) {
        const bool unread = read.last_read == i && read.maker < i;
        if (unread && !read.kept()) alive_ -= read.bytes;
      }
    }
  }

  /// The gradient of node `of` gets `bytes` of new memory, or where `shared` >= 0 holds that block.
  void give(std::size_t of, std::int64_t bytes, int shared) {
    if (shared == never) {
      alive_ += bytes;
      gradients_.push_back({bytes, 0});
      shared = static_cast<int>(gradients_.size()) - 1;
    }
    ++gradients_[static_cast<std::size_t>(shared)].holders;
    const int before = gradient_of_[of];
    if (before == never) {
      gradient_of_[of] = shared;
      return;
    }
    // The sum goes into one of the two where nobody else holds it, else into new memory.
    if (gradients_[static_cast<std::size_t>(before)].holders == 1) {
      hold(0);
      let_go(shared);
      return;
    }
    gradients_.push_back({value_bytes(of), 1});
    alive_ += value_bytes(of);
    hold(0);
    let_go(shared);
    let_go(before);
    gradient_of_[of] = static_cast<int>(gradients_.size()) - 1;
  }

  void let_go(int gradient) {
    Gradient& held = gradients_[static_cast<std::size_t>(gradient)];
    if (--held.holders == 0) alive_ -= held.bytes;
  }

  void backward() {
    gradient_of_.assign(nodes_.size(), never);
    give(nodes_.size() - 1, value_bytes(nodes_.size() - 1), never);
    for (std::size_t i = nodes_.size() - 1; i > 0; --i) {
      const Operation& own = operation(i);
      const Node& node = nodes_[i];
      const int arrived = gradient_of_[i];
      if (arrived == never) continue;  // leads to no output
      for (const NodeId id : node.inputs) {
        const auto k = static_cast<std::size_t>(id);
        if (k == 0) continue;  // nobody asks for the network's input
        give(k, value_bytes(k), own.hands_gradient_on() ? arrived : never);
      }
      std::int64_t weights = 0;
      for (const auto& item : node.parameters) weights += float_bytes * item.second.numel();
      hold(weights + own.backward_bytes(node, values_at(shapes_, node.inputs), shapes_[i], width_));
      let_go(arrived);
      alive_ -= own_kept_bytes(i);
      for (const Block& read : blocks_) {
        if (read.released_by == static_cast<int>(i)) alive_ -= read.bytes;
      }
    }
  }

  const std::vector<Node>& nodes_;
  const std::vector<Shape>& shapes_;
  int width_;
  std::vector<Block> blocks_;
  std::vector<std::size_t> block_of_;
  std::vector<Gradient> gradients_;
  std::vector<int> gradient_of_;
  std::int64_t alive_ = 0;
  std::int64_t peak_ = 0;
};

}  // namespace

TrainingMemory training_memory(const std::vector<Node>& nodes, const std::vector<Shape>& shapes,
                               ComputeType type) {
  return Step(nodes, shapes, type).run();
}

}  // namespace dawson::nn
