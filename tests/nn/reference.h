// The operations again, as plain loops over doubles: slow, and near to the definitions.
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "dawson/nn/operation.h"

namespace reference {

struct Array {
  std::array<int, 4> size{};  // N, C, H, W
  std::vector<double> data;

  explicit Array(std::array<int, 4> s)
      : size(s), data(static_cast<std::size_t>(s[0]) * s[1] * s[2] * s[3], 0) {}
  explicit Array(const at::Tensor& t)
      : Array({static_cast<int>(t.size(0)), static_cast<int>(t.size(1)),
               static_cast<int>(t.size(2)), static_cast<int>(t.size(3))}) {
    const at::Tensor plain = t.detach().to(at::kDouble).contiguous();
    std::copy_n(plain.data_ptr<double>(), data.size(), data.begin());
  }
  double& at(int n, int c, int y, int x) {
    return data[((static_cast<std::size_t>(n) * size[1] + c) * size[2] + y) * size[3] + x];
  }
  double at(int n, int c, int y, int x) const { return const_cast<Array*>(this)->at(n, c, y, x); }
  bool inside(int y, int x) const { return y >= 0 && x >= 0 && y < size[2] && x < size[3]; }
};

template <typename F>
Array make(std::array<int, 4> size, F value) {
  Array out(size);
  for (int n = 0; n < size[0]; ++n)
    for (int c = 0; c < size[1]; ++c)
      for (int y = 0; y < size[2]; ++y)
        for (int x = 0; x < size[3]; ++x) out.at(n, c, y, x) = value(n, c, y, x);
  return out;
}

inline double element(const dawson::nn::Node& node, const char* name, int i) {
  const auto found = node.parameters.find(name);
  return found == node.parameters.end() ? 0 : found->second[i].item<double>();
}

using Inputs = std::vector<Array>;

inline Array convolution(const dawson::nn::Node& node, const Inputs& inputs) {
  const Array& in = inputs[0];
  const Array w(node.parameters.at("weight"));
  const auto& s = node.settings;
  const int k = s["kernel"], stride = s["stride"], dilation = s["dilation"], groups = s["groups"];
  const int left = s["padding"][0], right = s["padding"][1], top = s["padding"][2],
            bottom = s["padding"][3];
  const int reach = dilation * (k - 1) + 1;
  const int height = (in.size[2] + top + bottom - reach) / stride + 1;
  const int width = (in.size[3] + left + right - reach) / stride + 1;
  const int group_out = w.size[0] / groups;
  return make({in.size[0], w.size[0], height, width}, [&](int n, int o, int y, int x) {
    double sum = element(node, "bias", o);
    for (int i = 0; i < w.size[1]; ++i)
      for (int a = 0; a < k; ++a)
        for (int b = 0; b < k; ++b) {
          const int yy = y * stride - top + a * dilation, xx = x * stride - left + b * dilation;
          if (in.inside(yy, xx)) {
            sum += w.at(o, i, a, b) * in.at(n, o / group_out * w.size[1] + i, yy, xx);
          }
        }
    return sum;
  });
}

// Each input pixel paints its kernel: y[s·i + a − padding] += x[i] w[a].
inline Array transposed_convolution(const dawson::nn::Node& node, const Inputs& inputs) {
  const Array& in = inputs[0];
  const Array w(node.parameters.at("weight"));
  const int k = w.size[2], s = node.settings["factor"], padding = (k - s) / 2;
  Array out = make({in.size[0], w.size[1], s * in.size[2], s * in.size[3]},
                   [&](int, int o, int, int) { return element(node, "bias", o); });
  make(in.size, [&](int n, int c, int y, int x) {
    for (int o = 0; o < w.size[1]; ++o)
      for (int a = 0; a < k; ++a)
        for (int b = 0; b < k; ++b) {
          const int yy = s * y + a - padding, xx = s * x + b - padding;
          if (out.inside(yy, xx)) out.at(n, o, yy, xx) += in.at(n, c, y, x) * w.at(c, o, a, b);
        }
    return 0.0;
  });
  return out;
}

inline Array batch_norm(const dawson::nn::Node& node, const Inputs& inputs) {
  const double epsilon = node.settings["epsilon"];
  return make(inputs[0].size, [&](int n, int c, int y, int x) {
    const double mean = node.buffers.at("running_mean")[c].item<double>();
    const double variance = node.buffers.at("running_var")[c].item<double>();
    return (inputs[0].at(n, c, y, x) - mean) / std::sqrt(variance + epsilon) *
               element(node, "weight", c) +
           element(node, "bias", c);
  });
}

template <typename F>
Array each(const Array& in, F f) {
  Array out = in;
  for (double& value : out.data) value = f(value);
  return out;
}

inline Array pool(const dawson::nn::Node& node, const Inputs& inputs, bool largest) {
  const int k = node.settings["size"], stride = node.settings.value("stride", k),
            padding = node.settings.value("padding", 0);
  const Array& in = inputs[0];
  const auto extent = [&](int size) { return (size + 2 * padding - k) / stride + 1; };
  return make({in.size[0], in.size[1], extent(in.size[2]), extent(in.size[3])},
              [&](int n, int c, int y, int x) {
                double sum = 0, most = -std::numeric_limits<double>::infinity();
                for (int a = 0; a < k; ++a)
                  for (int b = 0; b < k; ++b) {
                    const int yy = stride * y - padding + a, xx = stride * x - padding + b;
                    if (!in.inside(yy, xx)) continue;
                    const double value = in.at(n, c, yy, xx);
                    sum += value;
                    most = std::max(most, value);
                  }
                return largest ? most : sum / (k * k);
              });
}

inline Array upsample_bilinear(const dawson::nn::Node& node, const Inputs& inputs) {
  const int factor = node.settings["factor"];
  const Array& in = inputs[0];
  const auto place = [factor](int i, int size) {
    return std::clamp((i + 0.5) / factor - 0.5, 0.0, size - 1.0);
  };
  return make({in.size[0], in.size[1], factor * in.size[2], factor * in.size[3]},
              [&](int n, int c, int y, int x) {
                const double v = place(y, in.size[2]), u = place(x, in.size[3]);
                double sum = 0;
                for (int a = 0; a < in.size[2]; ++a)
                  for (int b = 0; b < in.size[3]; ++b) {
                    sum += std::max(0.0, 1 - std::abs(v - a)) * std::max(0.0, 1 - std::abs(u - b)) *
                           in.at(n, c, a, b);
                  }
                return sum;
              });
}

inline Array global_average_pool(const dawson::nn::Node&, const Inputs& inputs) {
  const Array& in = inputs[0];
  return make({in.size[0], in.size[1], 1, 1}, [&](int n, int c, int, int) {
    double sum = 0;
    for (int y = 0; y < in.size[2]; ++y)
      for (int x = 0; x < in.size[3]; ++x) sum += in.at(n, c, y, x);
    return sum / (in.size[2] * in.size[3]);
  });
}

inline Array concatenate(const dawson::nn::Node&, const Inputs& inputs) {
  std::array<int, 4> size = inputs[0].size;
  for (std::size_t i = 1; i < inputs.size(); ++i) size[1] += inputs[i].size[1];
  return make(size, [&](int n, int c, int y, int x) {
    std::size_t i = 0;
    while (c >= inputs[i].size[1]) c -= inputs[i++].size[1];
    return inputs[i].at(n, c, y, x);
  });
}

inline Array add(const dawson::nn::Node&, const Inputs& inputs) {
  return make(inputs[0].size, [&](int n, int c, int y, int x) {
    return inputs[0].at(n, c, y, x) + inputs[1].at(n, c, y, x);
  });
}

inline Array multiply(const dawson::nn::Node&, const Inputs& inputs) {
  return make(inputs[0].size, [&](int n, int c, int y, int x) {
    return inputs[0].at(n, c, y, x) * inputs[1].at(n, inputs[1].size[1] == 1 ? 0 : c, y, x);
  });
}

}  // namespace reference
