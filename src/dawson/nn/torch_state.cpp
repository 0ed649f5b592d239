#include "dawson/nn/torch_state.h"

#include <ATen/ops/as_strided.h>
#include <ATen/ops/empty.h>

#include <limits>

#include "dawson/core/error.h"

namespace dawson::nn {
namespace {

using Kind = PickleValue::Kind;

/// Reads a pickle's values as what torch writes for a dictionary of tensors.
class Reader {
 public:
  Reader(const Pickle& pickle, const std::string& where) : pickle_(pickle), where_(where) {}

  TorchState read() {
    const PickleValue& root = at(pickle_.root);
    if (root.kind != Kind::dictionary) refuse_contents("holds no dictionary of tensors");
    for (std::size_t i = 0; i + 1 < root.items.size(); i += 2) {
      const PickleValue& key = at(root.items[i]);
      if (key.kind != Kind::text) refuse_contents("has an entry without a name");
      entry_ = key.text.substr(0, 200);
      TensorSpec tensor = read_tensor(at(root.items[i + 1]));
      require_within_storage(tensor);
      state_.tensors[key.text] = std::move(tensor);
    }
    return std::move(state_);
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ExitCode::model, "tensor " + entry_ + " " + why, where_);
  }
  [[noreturn]] void refuse_contents(const std::string& why) const {
    throw Error(ExitCode::model, why, where_, "save the network's state_dict() alone");
  }
  const PickleValue& at(std::size_t ref) const { return pickle_.values[ref]; }

  std::int64_t integer(const PickleValue& value) const {
    if (value.kind != Kind::integer || value.integer < 0) refuse("is not described as torch does");
    return value.integer;
  }
  std::vector<std::int64_t> integers(const PickleValue& value) const {
    constexpr std::size_t most_dimensions = 64;  // as torch has it
    if (value.kind != Kind::tuple || value.items.size() > most_dimensions) {
      refuse("is not described as torch does");
    }
    std::vector<std::int64_t> numbers;
    for (const std::size_t item : value.items) numbers.push_back(integer(at(item)));
    return numbers;
  }

  /// A Parameter is a tensor in a wrapper: a function's argument (since 0.4), the class's argument
  /// (0.2 and 0.3) or the first part of its five-part state (0.1).
  const PickleValue& unwrapped(const PickleValue& value) const {
    if (value.kind != Kind::call) return value;
    const bool parameter = value.text == "torch._utils._rebuild_parameter" ||
                           value.text == "torch.nn.parameter.Parameter";
    if (!parameter) return value;
    if (!value.items.empty()) return at(value.items[0]);
    if (!value.state.empty() && at(value.state[0]).items.size() == 5) {
      return at(at(value.state[0]).items[0]);
    }
    refuse("is not described as torch does");
  }

  TensorSpec read_tensor(const PickleValue& wrapped) {
    const PickleValue& value = unwrapped(wrapped);
    if (value.kind != Kind::call) {
      refuse_contents("holds more than tensors: \"" + entry_ + "\" is none");
    }
    // (storage, offset, sizes, strides, …): what follows concerns gradients.
    const bool rebuilt = value.text == "torch._utils._rebuild_tensor_v2" ||
                         value.text == "torch._utils._rebuild_tensor";
    if (!rebuilt || value.items.size() < 4) refuse("is not described as torch does");
    TensorSpec tensor;
    tensor.offset = read_storage(at(value.items[0]), tensor.storage);
    const std::int64_t offset = integer(at(value.items[1]));
    if (offset > std::numeric_limits<std::int64_t>::max() - tensor.offset) {
      refuse("reaches beyond its storage");
    }
    tensor.offset += offset;
    tensor.sizes = integers(at(value.items[2]));
    tensor.strides = integers(at(value.items[3]));
    if (tensor.sizes.size() != tensor.strides.size()) refuse("is not described as torch does");
    return tensor;
  }

  /// ("storage", type, key, device, count[, view of a part of it]); returns where the part begins.
  std::int64_t read_storage(const PickleValue& value, std::string& key) {
    const auto part = [&](std::size_t i, Kind kind) -> const PickleValue& {
      const PickleValue& id = at(value.items[0]);
      if (id.items.size() < 5 || at(id.items[i]).kind != kind) {
        refuse("is not described as torch does");
      }
      return at(id.items[i]);
    };
    if (value.kind != Kind::persistent || at(value.items[0]).kind != Kind::tuple ||
        part(0, Kind::text).text != "storage") {
      refuse("is not described as torch does");
    }
    StorageSpec storage;
    storage.type = type_of(part(1, Kind::name).text);
    key = part(2, Kind::text).text;
    storage.count = static_cast<std::uint64_t>(integer(part(4, Kind::integer)));
    if (storage.count > std::uint64_t{1} << 40U) refuse("is larger than any memory");
    const auto [known, added] = state_.storages.emplace(key, storage);
    if (!added && (known->second.type != storage.type || known->second.count != storage.count)) {
      refuse("has a storage that is described twice");
    }
    const std::vector<std::size_t>& id = at(value.items[0]).items;
    if (id.size() < 6 || at(id[5]).kind == Kind::none) return 0;
    const PickleValue& view = at(id[5]);  // (key, offset, count), of PyTorch before 0.4
    if (view.kind != Kind::tuple || view.items.size() != 3)
      refuse("is not described as torch does");
    return integer(at(view.items[1]));
  }

  at::ScalarType type_of(const std::string& name) const {
    if (name == "torch.FloatStorage") return at::kFloat;
    if (name == "torch.HalfStorage") return at::kHalf;
    if (name == "torch.BFloat16Storage") return at::kBFloat16;
    if (name == "torch.LongStorage") return at::kLong;
    refuse("is of type " + name + ", which is not read here");
  }

  /// The last element that the strides reach lies in the storage, and there are no more elements
  /// than that has, so that no tensor can grow beyond the file.
  void require_within_storage(const TensorSpec& tensor) const {
    const auto count = static_cast<std::int64_t>(state_.storages.at(tensor.storage).count);
    std::int64_t last = tensor.offset, elements = 1;
    bool fits = last <= count;
    for (const std::int64_t size : tensor.sizes) {
      if (size == 0) elements = 0;
    }
    for (std::size_t i = 0; fits && elements > 0 && i < tensor.sizes.size(); ++i) {
      const std::int64_t steps = tensor.sizes[i] - 1, stride = tensor.strides[i];
      fits =
          tensor.sizes[i] <= count / elements && (steps == 0 || stride <= (count - last) / steps);
      if (!fits) break;
      last += steps * stride;
      elements *= tensor.sizes[i];
    }
    if (!fits || (elements > 0 && last >= count)) refuse("reaches beyond its storage");
  }

  const Pickle& pickle_;
  const std::string& where_;
  std::string entry_;  ///< whose value is being read
  TorchState state_;
};

}  // namespace

const std::vector<std::string>& names_of_state_dicts() {
  static const std::vector<std::string> names{
      "collections.OrderedDict",
      "torch._utils._rebuild_tensor",
      "torch._utils._rebuild_tensor_v2",
      "torch._utils._rebuild_parameter",
      "torch.nn.parameter.Parameter",
      "torch.FloatStorage",
      "torch.HalfStorage",
      "torch.BFloat16Storage",
      "torch.LongStorage",
      // Named, so that a tensor of such a type is refused as what it is.
      "torch.DoubleStorage",
      "torch.IntStorage",
      "torch.ShortStorage",
      "torch.CharStorage",
      "torch.ByteStorage",
      "torch.BoolStorage",
  };
  return names;
}

TorchState read_torch_state(const Pickle& pickle, const std::string& where) {
  return Reader(pickle, where).read();
}

at::Tensor empty_storage(const StorageSpec& storage) {
  return at::empty({static_cast<std::int64_t>(storage.count)}, at::TensorOptions(storage.type));
}

Tensors tensors_over(const TorchState& state, const std::map<std::string, at::Tensor>& storages) {
  std::map<std::string, at::Tensor> wide;
  for (const auto& [key, storage] : storages) {
    wide[key] = storage.is_floating_point() ? storage.to(at::kFloat) : storage;
  }
  Tensors tensors;
  for (const auto& [name, tensor] : state.tensors) {
    tensors[name] =
        at::as_strided(wide.at(tensor.storage), tensor.sizes, tensor.strides, tensor.offset);
  }
  return tensors;
}

}  // namespace dawson::nn
