// The table of operations, and what they share.
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/nn/operation.h"

namespace dawson::nn {

const std::vector<const Operation*>& operations() {
  static const std::vector<const Operation*> table{
      &input_operation(),
      &convolution_operation(),
      &transposed_convolution_operation(),
      &batch_norm_operation(),
      &relu_operation(),
      &relu6_operation(),
      &sigmoid_operation(),
      &max_pool_operation(),
      &average_pool_operation(),
      &global_average_pool_operation(),
      &upsample_bilinear_operation(),
      &concatenate_operation(),
      &add_operation(),
      &multiply_operation(),
      &dropout_operation(),
  };
  return table;
}

const Operation& find_operation(const std::string& name) {
  std::string known;
  for (const Operation* operation : operations()) {
    if (name == operation->name()) return *operation;
    known += (known.empty() ? "" : ", ") + std::string(operation->name());
  }
  throw Error(ExitCode::defect, "there is no operation \"" + name + "\"", "network",
              "known are " + known);
}

Shape Operation::shape(const Node& /*node*/, const std::vector<Shape>& inputs) const {
  return inputs.front();
}
std::int64_t Operation::workspace_bytes(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                                        const Shape& /*output*/) const {
  return 0;
}
std::int64_t Operation::kept_bytes(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                                   const Shape& /*output*/, int /*width*/) const {
  return 0;
}
std::int64_t Operation::backward_bytes(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                                       const Shape& /*output*/, int /*width*/) const {
  return 0;
}
Shares Operation::relevance(const Node& /*node*/, const Arrived& arrived) const {
  return {{arrived.relevance}, 0, 0};
}
double Operation::step(const Node& /*node*/) const {
  return 1;
}

void refuse_node(const Node& node, const std::string& why) {
  throw Error(ExitCode::defect, why, "network node " + node.name + " (" + node.operation + ")");
}

void require_inputs(const Node& node, std::size_t least, std::size_t most) {
  const std::size_t count = node.inputs.size();
  if (count >= least && count <= most) return;
  refuse_node(node, "takes " + std::to_string(least) + (least == most ? "" : " or more") +
                        " inputs, not " + std::to_string(count));
}

Settings::Settings(Node& node, std::initializer_list<const char*> known) : node_(node) {
  if (node_.settings.is_null()) node_.settings = core::Json::object();
  if (!node_.settings.is_object()) refuse_node(node_, "the settings are not an object");
  for (const auto& item : node_.settings.items()) {
    const bool found =
        std::any_of(known.begin(), known.end(), [&](const char* key) { return item.key() == key; });
    if (!found) refuse(item.key(), "is not a setting of this operation");
  }
}

void Settings::refuse(const std::string& key, const std::string& why) const {
  refuse_node(node_, "setting \"" + key + "\" " + why);
}

int Settings::integer(const char* key, int minimum) {
  if (!node_.settings.contains(key)) refuse(key, "is missing");
  const core::Json& value = node_.settings[key];
  constexpr int maximum = 1 << 16;  // keeps products of settings far from overflow
  if (!value.is_number_integer() || value.get<std::int64_t>() < minimum ||
      value.get<std::int64_t>() > maximum) {
    refuse(key,
           "must be an integer from " + std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return value.get<int>();
}

int Settings::integer(const char* key, int minimum, int preset) {
  if (!node_.settings.contains(key)) node_.settings[key] = preset;
  return integer(key, minimum);
}

double Settings::real(const char* key, double minimum, double maximum, double preset) {
  if (!node_.settings.contains(key)) node_.settings[key] = preset;
  const core::Json& value = node_.settings[key];
  if (!value.is_number() || !(value.get<double>() >= minimum && value.get<double>() <= maximum)) {
    refuse(key, "must be a number from " + core::Json(minimum).dump() + " to " +
                    core::Json(maximum).dump());
  }
  return value.get<double>();
}

bool Settings::flag(const char* key, bool preset) {
  if (!node_.settings.contains(key)) node_.settings[key] = preset;
  if (!node_.settings[key].is_boolean()) refuse(key, "must be true or false");
  return node_.settings[key].get<bool>();
}

std::string Settings::text(const char* key, std::initializer_list<const char*> allowed,
                           const char* preset) {
  if (!node_.settings.contains(key)) node_.settings[key] = preset;
  const core::Json& value = node_.settings[key];
  std::string names;
  for (const char* name : allowed) {
    if (value.is_string() && value.get_ref<const std::string&>() == name) return name;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  refuse(key, "must be one of " + names);
}

std::array<int, 4> Settings::padding(int preset) {
  core::Json& value = node_.settings["padding"];
  if (value.is_null()) value = preset;
  if (value.is_number_integer()) value = core::Json::array({value, value, value, value});
  if (value.is_array() && value.size() == 2) {
    value = core::Json::array({value[0], value[0], value[1], value[1]});
  }
  const auto fits = [](const core::Json& side) {
    return side.is_number_integer() && side.get<std::int64_t>() >= 0 &&
           side.get<std::int64_t>() <= 1024;
  };
  if (!value.is_array() || value.size() != 4 || !std::all_of(value.begin(), value.end(), fits)) {
    refuse("padding", "must be a number of pixels or [left, right, top, bottom]");
  }
  return {value[0].get<int>(), value[1].get<int>(), value[2].get<int>(), value[3].get<int>()};
}

at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                    int stride, std::array<std::int64_t, 2> padding, int dilation, int groups) {
  const at::ScalarType type = x.scalar_type();
  // oneDNN 2.7 writes beyond its own memory in the backward of 1×1 convolutions with a stride when
  // there are few input channels (seen with 4); of the pixels that are read they are the same.
  const bool reads_a_grid =
      stride > 1 && weight.size(2) == 1 && weight.size(3) == 1 && padding[0] + padding[1] == 0;
  if (reads_a_grid) {
    const at::Tensor grid = x.slice(2, 0, x.size(2), stride).slice(3, 0, x.size(3), stride);
    return convolve(grid.contiguous(at::MemoryFormat::ChannelsLast), weight, bias, 1, padding,
                    dilation, groups);
  }
  return at::conv2d(x, weight.to(type), bias.defined() ? bias.to(type) : bias, {stride, stride},
                    padding, {dilation, dilation}, groups);
}

at::Tensor zero_weight(int a, int b, int h, int w) {
  const double numbers = static_cast<double>(a) * b * h * w;
  if (numbers > most_numbers) {
    throw Error(ExitCode::defect, "a weight has more numbers than any network's", "network");
  }
  return at::empty({a, b, h, w}, at::TensorOptions(at::kFloat), at::MemoryFormat::ChannelsLast)
      .zero_();
}

at::Tensor filled_vector(int size, double value) {
  return at::full({size}, value, at::TensorOptions(at::kFloat));
}

void assign(const at::Tensor& tensor, const std::vector<float>& values) {
  const at::NoGradGuard no_gradient;
  // from_blob takes a mutable pointer, but copy_ only reads.
  tensor.copy_(at::from_blob(const_cast<float*>(values.data()), tensor.sizes(),
                             at::TensorOptions(at::kFloat)));
}

void assign_normal(const at::Tensor& tensor, core::Random& random, double deviation) {
  std::vector<float> values(static_cast<std::size_t>(tensor.numel()));
  for (float& value : values) value = static_cast<float>(random.normal(0, deviation));
  assign(tensor, values);
}

}  // namespace dawson::nn
