#include "dawson/explanation/explainer.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "dawson/bundle/batch.h"
#include "dawson/explanation/network.h"
#include "dawson/nn/operation.h"
#include "dawson/nn/relevance.h"

namespace dawson::explanation {
namespace {

constexpr std::size_t slices_at_once = 4;  // a batch of relevance holds all of its activations

/// The lists of at most `count` slices that make up `slices`.
std::vector<std::vector<int>> batches(const std::vector<int>& slices, std::size_t count) {
  std::vector<std::vector<int>> all;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (i % count == 0) all.emplace_back();
    all.back().push_back(slices[i]);
  }
  return all;
}

/// Bounds of each network channel.
nn::InputBounds bounds_of(const bundle::SliceInput& input,
                          const std::vector<preprocessing::ChannelRange>& channels) {
  nn::InputBounds bounds;
  for (std::size_t c = 0; c < input.offsets_mm.size(); ++c) {
    const preprocessing::ChannelRange& range = channels.at(c);
    bounds.low.insert(bounds.low.end(), input.offsets_mm[c].size(), range.low);
    bounds.high.insert(bounds.high.end(), input.offsets_mm[c].size(), range.high);
  }
  return bounds;
}

/// What one pass gives back for its batch.
struct Pass {
  at::Tensor input;   // [N, C, H, W] relevance
  at::Tensor logits;  // [N, 1, H, W]
  double seeded = 0, reached = 0, biases = 0, stabilisers = 0;
};

Pass by_relevance(const nn::Graph& graph, const at::Tensor& x, const at::Tensor& weight,
                  const nn::Composite& composite, const nn::InputBounds& bounds) {
  const auto seed = [&weight](const at::Tensor& logits) { return logits.clamp(-1, 1) * weight; };
  const nn::Relevance r = nn::propagate_relevance(graph, x, seed, composite, bounds);
  return {r.input,
          r.output,
          r.seeded,
          r.reached_input,
          r.absorbed_by_biases,
          r.absorbed_by_stabilisers};
}

Pass by_gradient(nn::Graph& graph, const at::Tensor& x, const at::Tensor& weight) {
  const at::AutoGradMode with_gradient(true);
  const at::Tensor in = x.detach().clone().requires_grad_(true);
  const at::Tensor logits = graph.forward(in);
  (logits * weight).sum().backward();
  return {(in.grad() * x).detach(), logits.detach(), 0, 0, 0, 0};
}

}  // namespace

std::string name_of(Method method) {
  switch (method) {
    case Method::relevance:
      return "relevance";
    case Method::gradient_x_input:
      return "gradient_x_input";
    case Method::occlusion:
      return "occlusion";
  }
  return {};
}

Explainer::Explainer(const bundle::Bundle& bundle, const preprocessing::Prepared& prepared)
    : Explainer(std::make_unique<Network>(Network{bundle.graph->folded()}), bundle.input,
                prepared) {}

Explainer::Explainer(std::unique_ptr<Network> network, const bundle::SliceInput& input,
                     const preprocessing::Prepared& prepared)
    : network_(std::move(network)), input_(input), prepared_(prepared) {
  bundle::require_fit(network_->graph, prepared_.stack, input_);
}

Explainer::~Explainer() = default;

Map Explainer::map(const Region& region, const MapSettings& settings, Progress& progress) const {
  Map map;
  map.values = prepared_.stack;
  std::fill(map.values.values.begin(), map.values.values.end(), 0.0F);
  if (settings.method == Method::occlusion) {
    occlude(region, settings.healthy, map, progress);
  } else {
    propagate(region, settings, map, progress);
  }
  return map;
}

void Explainer::propagate(const Region& region, const MapSettings& settings, Map& map,
                          Progress& progress) const {
  const nn::Composite& composite = nn::find_composite(settings.composite);
  const nn::InputBounds bounds = bounds_of(input_, prepared_.channels);
  const std::vector<int> slices = region.slices(prepared_.grid);
  progress.step("relevance", slices.size());
  for (const std::vector<int>& part : batches(slices, slices_at_once)) {
    const Batch batch = cut(prepared_.stack, input_, network_->graph, part, region);
    for (const bool mirrored : {false, true}) {
      if (mirrored && !settings.mirror) continue;
      const double share = (settings.healthy ? -1.0 : 1.0) * (settings.mirror ? 0.5 : 1.0);
      const auto turned = [mirrored](const at::Tensor& t) { return mirrored ? t.flip({3}) : t; };
      const at::Tensor x = turned(batch.x), weight = turned(batch.weight);
      const Pass pass = settings.method == Method::relevance
                            ? by_relevance(network_->graph, x, weight, composite, bounds)
                            : by_gradient(network_->graph, x, weight);
      map.decision += (pass.logits * weight).sum().item<double>() * std::abs(share);
      map.seeded += share * pass.seeded;
      map.reached_input += share * pass.reached;
      map.absorbed_by_biases += share * pass.biases;
      map.absorbed_by_stabilisers += share * pass.stabilisers;
      const at::Tensor back = (turned(pass.input) * share).contiguous();
      const float* values = back.data_ptr<float>();
      for (std::size_t i = 0; i < part.size(); ++i) {
        bundle::add_back(prepared_.stack, input_, batch.frame, part[i],
                         values + static_cast<std::ptrdiff_t>(i) * back.stride(0),
                         map.values.values);
      }
    }
    progress.advance(part.size());
  }
  progress.finish();
}

double Explainer::decision(const bundle::Stack& stack, const Region& region) const {
  const at::NoGradGuard no_gradient;
  double sum = 0;
  constexpr std::size_t at_once = 8;
  for (const std::vector<int>& part : batches(region.slices(prepared_.grid), at_once)) {
    const Batch batch = cut(stack, input_, network_->graph, part, region);
    sum += (network_->graph.forward(batch.x) * batch.weight).sum().item<double>();
  }
  return sum;
}

std::unique_ptr<Explainer> Explainer::randomised(double share, core::Random random) const {
  const at::NoGradGuard no_gradient;
  auto network = std::make_unique<Network>(Network{network_->graph.clone()});
  std::vector<const nn::Node*> convolutions;
  for (const nn::Node& node : network->graph.nodes()) {
    if (node.parameters.count("weight") > 0) convolutions.push_back(&node);
  }
  const double first = (1 - share) * static_cast<double>(convolutions.size());
  for (std::size_t i = 0; i < convolutions.size(); ++i) {
    if (static_cast<double>(i) < first) continue;
    const at::Tensor& weight = convolutions[i]->parameters.at("weight");
    nn::assign_normal(weight, random, weight.square().mean().sqrt().item<double>());
  }
  return std::unique_ptr<Explainer>(new Explainer(std::move(network), input_, prepared_));
}

}  // namespace dawson::explanation
