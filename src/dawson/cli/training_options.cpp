#include "dawson/cli/training_options.h"

#include <functional>
#include <variant>

#include "dawson/core/table.h"
#include "dawson/training/loss.h"
#include "dawson/training/optimiser.h"
#include "dawson/training/presets.h"
#include "dawson/training/schedule.h"

namespace dawson::cli {
namespace {

using training::TrainingSettings;

using Switch = std::function<bool&(TrainingSettings&)>;

/// One setting: its declaration, and where its value goes.
struct Binding {
  const char* name;
  const char* unit;
  const char* help;
  std::variant<std::function<int&(TrainingSettings&)>, std::function<double&(TrainingSettings&)>,
               std::function<std::string&(TrainingSettings&)>, Switch>
      place;
  std::vector<std::string> choices = {};
};

template <typename T>
std::function<T&(TrainingSettings&)> to(T TrainingSettings::*member) {
  return [member](TrainingSettings& s) -> T& { return s.*member; };
}
template <typename T, typename Part>
std::function<T&(TrainingSettings&)> to(Part TrainingSettings::*part, T Part::*member) {
  return [part, member](TrainingSettings& s) -> T& { return s.*part.*member; };
}

const std::vector<Binding>& bindings() {
  using S = TrainingSettings;
  using A = training::AugmentationSettings;
  using N = nn::NetworkSettings;
  static const std::vector<Binding> all = {
      {"architecture", "NAME", "The network.", to(&S::network, &N::architecture),
       nn::architecture_names()},
      {"encoder", "NAME", "Its encoder.", to(&S::network, &N::encoder), nn::encoder_names()},
      {"encoder-weights", "FILE",
       "ImageNet weights for the encoder: safetensors, or PyTorch's .pth (docs/encoders.md).",
       to(&S::encoder_weights)},
      {"width", "CHANNELS", "Channels of the finest level; doubled by level.",
       to(&S::network, &N::width)},
      {"levels", "COUNT", "Down-samplings of the light encoder.", to(&S::network, &N::levels)},
      {"fully-connected", "", "fcn8s: with the classifier's fc6 and fc7 as convolutions.",
       to(&S::network, &N::fully_connected)},
      {"dropout", "SHARE", "Dropout in the deepest level.", to(&S::network, &N::dropout)},
      {"neighbours", "SLICES", "Read on either side of the slice itself.", to(&S::neighbours)},
      {"neighbour-spacing", "mm", "From one of them to the next.", to(&S::neighbour_mm)},
      {"without-frequency", "", "The network does not read how frequent lesions are at a place.",
       to(&S::without_frequency)},
      {"iterations", "COUNT", "Gradient steps.", to(&S::iterations)},
      {"epoch-iterations", "COUNT", "Steps between two rows of history.tsv and checkpoints.",
       to(&S::epoch_iterations)},
      {"epochs", "COUNT",
       "In place of --iterations: so many epochs, each of as many steps as it takes to draw every "
       "slice with a lesion once (such slices / batch, rounded up).",
       to(&S::epochs)},
      {"batch", "SLICES", "Slices a step.", to(&S::batch)},
      {"patch", "PIXELS", "Height and width of a training patch.", to(&S::patch)},
      {"optimiser", "NAME", "Adam with L2, or AdamW.", to(&S::optimiser),
       training::optimiser_names()},
      {"learning-rate", "RATE", "At its highest.", to(&S::learning_rate)},
      {"weight-decay", "RATE", "L2 (adam) or decoupled decay (adamw).", to(&S::weight_decay)},
      {"schedule", "NAME", "Course of the learning rate after warm-up.", to(&S::schedule),
       training::schedule_names()},
      {"plateau-epochs", "EPOCHS",
       "Schedule plateau: epochs without a better --stop-on before the rate falls.",
       to(&S::plateau_epochs)},
      {"plateau-factor", "SHARE", "Schedule plateau: what the rate is then multiplied by.",
       to(&S::plateau_factor)},
      {"warmup-iterations", "COUNT", "Steps of linear warm-up.", to(&S::warmup_iterations)},
      {"clip-norm", "NORM", "Largest norm of the gradient; 0 does not clip.", to(&S::clip_norm)},
      {"loss", "NAME",
       "Overlap part of the loss: soft Dice, Tversky or focal Tversky; cross-entropy is added.",
       to(&S::loss), training::loss_names()},
      {"tversky-alpha", "WEIGHT", "Tversky: of false positives.", to(&S::tversky_alpha)},
      {"tversky-beta", "WEIGHT", "Tversky: of false negatives; above alpha it finds more.",
       to(&S::tversky_beta)},
      {"focal-gamma", "POWER", "Focal Tversky: the loss is taken to the power of 1/gamma.",
       to(&S::focal_gamma)},
      {"dice-weight", "WEIGHT", "Of the overlap part of the loss, whichever it is.",
       to(&S::dice_weight)},
      {"bce-weight", "WEIGHT", "Of the cross-entropy in the loss.", to(&S::bce_weight)},
      {"positive-weight", "WEIGHT", "Of lesion pixels in the cross-entropy.",
       to(&S::positive_weight)},
      {"average-decay", "SHARE", "Of the moving average of the weights; 0: none.",
       to(&S::average_decay)},
      {"lesion-fraction", "SHARE", "Of slices drawn from those with a lesion.",
       to(&S::lesion_fraction)},
      {"lesion-balance", "SHARE",
       "Of those drawn by lesion, then a slice through it, so that small lesions count.",
       to(&S::lesion_balance)},
      {"lesion-power", "POWER",
       "A lesion is drawn as its volume to this power: 0 each alike, 1 as its voxels.",
       to(&S::lesion_power)},
      {"hard-fraction", "SHARE", "Of slices drawn at places that the network takes for lesions.",
       to(&S::hard_fraction)},
      {"hard-interval", "COUNT", "Steps between two searches for such places.",
       to(&S::hard_interval)},
      {"hard-slices", "COUNT", "Slices that a search looks at.", to(&S::hard_slices)},
      {"validation-patients", "COUNT", "Patients held out for early stopping, drawn by seed.",
       to(&S::validation_patients)},
      {"validation-slices", "COUNT",
       "Slices of each of them that the run keeps to be looked at; 0 keeps none.",
       to(&S::validation_slices)},
      {"stop-on", "NAME",
       "The validation figure by which the best epoch is chosen and --patience counted.",
       to(&S::stop_on), training::measure_names()},
      {"patience", "EPOCHS", "Epochs without a better --stop-on; 0 never stops early.",
       to(&S::patience_epochs)},
      {"rollbacks", "COUNT",
       "Returns to the last checkpoint, each with half the learning rate, when the loss is no "
       "longer finite, before the run gives up.",
       to(&S::rollbacks)},
      {"rotation", "degrees", "Augmentation: largest rotation in plane.",
       to(&S::augmentation, &A::rotation_degrees)},
      {"scale", "SHARE", "Augmentation: largest change of size.", to(&S::augmentation, &A::scale)},
      {"thick", "SHARE", "Augmentation: thin scans seen as thick slices.",
       to(&S::augmentation, &A::thick_probability)},
      {"tone", "STRENGTH", "Augmentation: bend of the intensity curve.",
       to(&S::augmentation, &A::tone)},
      {"gain", "STRENGTH", "Augmentation: change of contrast.", to(&S::augmentation, &A::gain)},
      {"noise", "STRENGTH", "Augmentation: largest noise, in deviations of the brain.",
       to(&S::augmentation, &A::noise)},
      {"blur", "mm", "Augmentation: largest blur in plane.", to(&S::augmentation, &A::blur_mm)},
      {"flip", "SHARE", "Augmentation: slices mirrored left to right.",
       to(&S::augmentation, &A::flip_probability)},
      {"shift", "STRENGTH", "Augmentation: change of brightness, in deviations of the brain.",
       to(&S::augmentation, &A::shift)},
      {"bias", "STRENGTH", "Augmentation: largest smooth change of brightness over the slice.",
       to(&S::augmentation, &A::bias)},
      {"coarse", "SHARE", "Augmentation: slices at up to half the resolution.",
       to(&S::augmentation, &A::coarse_probability)},
      {"elastic", "mm", "Augmentation: largest displacement of a smooth deformation.",
       to(&S::augmentation, &A::elastic_mm)},
      {"gamma", "STRENGTH", "Augmentation: deviation of the log exponent of intensities.",
       to(&S::augmentation, &A::gamma)},
      {"tissue", "STRENGTH",
       "Augmentation: change of each tissue's brightness, in deviations of the brain.",
       to(&S::augmentation, &A::tissue)},
      {"ghosting", "mm", "Augmentation: largest periodic motion during the scan.",
       to(&S::augmentation, &A::ghosting_mm)},
      {"rician", "SHARE", "Augmentation: of the noisy slices, those with Rician noise.",
       to(&S::augmentation, &A::rician_probability)},
      {"neighbour-dropout", "SHARE", "Augmentation: slices whose neighbours only repeat them.",
       to(&S::augmentation, &A::neighbour_dropout)},
      {"sequence-dropout", "SHARE",
       "Augmentation: of slices, those that lack T1w (or T2w: each but the first sequence). "
       "0.25 where the cache has such sequences.",
       to(&S::augmentation, &A::sequence_dropout)},
      {"lesion-fade", "SHARE", "Augmentation: largest share of its contrast that a lesion loses.",
       to(&S::augmentation, &A::lesion_fade)},
      {"lesion-fade-probability", "SHARE", "Augmentation: patches whose lesions are faded.",
       to(&S::augmentation, &A::lesion_fade_probability)},
      {"lesion-removal-probability", "SHARE",
       "Augmentation: patches whose lesions are taken out, of the target too.",
       to(&S::augmentation, &A::lesion_removal_probability)},
      {"compute",
       "TYPE",
       "Number format of training passes; auto takes the faster one of the device.",
       to(&S::compute),
       {"auto", "float32", "bfloat16"}},
      {"device", "NAME",
       "Where to train: cpu, cuda, cuda:N (a GPU by its number), or auto: a GPU where there is "
       "one (docs/gpu.md).",
       to(&S::device)},
      {"deterministic", "", "On a GPU: the same bits at each run, more slowly.",
       to(&S::deterministic)},
      {"memory", "GiB",
       "Memory that a training step may take; 0: what is free on the device. A batch that needs "
       "more is refused.",
       to(&S::memory_gib)},
      {"change-device", "", "With --resume: go on on another device than the run was begun on.",
       to(&S::change_device)},
  };
  return all;
}

/// A default as a user would type it.
std::string typed(double value) {
  std::string text = core::number(value, 6);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

Option declare(const Binding& binding, TrainingSettings& defaults) {
  Option option{
      .name = binding.name, .unit = binding.unit, .choices = binding.choices, .help = binding.help};
  if (const auto* integer = std::get_if<0>(&binding.place)) {
    option.type = OptionType::integer;
    option.default_value = std::to_string((*integer)(defaults));
  } else if (const auto* real = std::get_if<1>(&binding.place)) {
    option.type = OptionType::real;
    option.default_value = typed((*real)(defaults));
  } else if (std::holds_alternative<Switch>(binding.place)) {
    option.type = OptionType::flag;
  } else {
    option.type = option.unit == "FILE" ? OptionType::path : OptionType::text;
    option.default_value = std::get<2>(binding.place)(defaults);
  }
  return option;
}

/// A run is as long as it has iterations, or as it has epochs: what is given wins over a preset.
void settle_length(const Context& context, TrainingSettings& s) {
  const auto given = [&](const char* name) { return context.settings().given(name); };
  if (given("epochs") && given("iterations")) {
    throw Error(ExitCode::usage, "excludes --iterations", "--epochs", "give one of them");
  }
  if (given("iterations")) s.epochs = 0;
  if (s.epochs > 0 && given("epoch-iterations")) {
    throw Error(ExitCode::usage, "follows from the slices of the cache where --epochs is given",
                "--epoch-iterations", "give --iterations as well, in place of --epochs");
  }
}

}  // namespace

std::vector<Option> training_options() {
  TrainingSettings defaults = training::default_settings("lesion");
  std::vector<Option> options = {
      {.name = "preset",
       .unit = "NAME",
       .default_value = "dawson",
       .choices = training::preset_names(),
       .help = "Defaults of the options below; what is given explicitly goes over them. The "
               "defaults shown are those of dawson; original: batch 16, 150 epochs, Adam with L2, "
               "Dice + BCE, dropout, rate falling on plateaus, early stopping."}};
  for (const Binding& b : bindings()) options.push_back(declare(b, defaults));
  return options;
}

training::TrainingSettings training_settings(const Context& context, const std::string& target,
                                             int sequences, bool fine_tuned) {
  TrainingSettings s = training::with_sequences(
      training::preset_settings(context.text("preset"), target), sequences);
  if (fine_tuned) s = training::for_fine_tuning(std::move(s));
  for (const Binding& b : bindings()) {
    if (!context.settings().given(b.name)) continue;
    if (const auto* integer = std::get_if<0>(&b.place)) {
      (*integer)(s) = context.integer(b.name);
    } else if (const auto* real = std::get_if<1>(&b.place)) {
      (*real)(s) = context.real(b.name);
    } else if (const auto* flag = std::get_if<Switch>(&b.place)) {
      (*flag)(s) = context.flag(b.name);
    } else {
      std::get<2>(b.place)(s) =
          std::string(b.unit) == "FILE" ? context.path(b.name).string() : context.text(b.name);
    }
  }
  s.seed = static_cast<std::uint64_t>(context.long_integer("seed"));
  training::shape_input(s);
  settle_length(context, s);
  return s;
}

void refuse_network_options(const Context& context) {
  for (const char* name :
       {"architecture", "encoder", "encoder-weights", "width", "levels", "fully-connected",
        "dropout", "neighbours", "neighbour-spacing", "without-frequency"}) {
    if (!context.settings().given(name)) continue;
    throw Error(ExitCode::usage, "is decided by the model that --init names",
                std::string("--") + name, "leave it out");
  }
}

}  // namespace dawson::cli
