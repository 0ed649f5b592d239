#include "dawson/workflow/explain.h"

#include <chrono>
#include <cmath>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/explanation/sanity.h"
#include "dawson/report/finished_case.h"
#include "dawson/report/relevance_picture.h"
#include "dawson/volume/nifti.h"
#include "dawson/workflow/segment.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using core::Json;

constexpr std::size_t checked_slices = 12;

/// A scan and what was found in it.
struct Case {
  std::string stem;
  volume::Image scan;
  volume::NiftiGeometry geometry;
  segmentation::Segmentation found;
  std::vector<std::string> warnings;
  OtherFiles others = {};  // that the lesions were found with
};

Case open_case(const fs::path& folder, const fs::path& scan, const model::Model& model) {
  const std::vector<report::CasePlace> places = report::find_finished(folder);
  if (places.size() != 1) {
    throw Error(ExitCode::usage,
                "holds " + std::to_string(places.size()) + " finished cases, not one",
                folder.string(), "name the folder of one case");
  }
  const report::CasePlace& place = places.front();
  report::FinishedCase finished = report::open_finished(place, scan);
  Case c{place.stem, std::move(finished.scan), {}, std::move(finished.segmentation), {}};
  c.geometry =
      volume::read_nifti(place.folder / (place.stem + "_label-lesion_mask.nii.gz")).header.geometry;
  c.others =
      recorded_others(core::read_json(place.folder / (place.stem + "_run.json")), place.folder);
  if (finished.facts.model.sha256 != model.bundle.weights_sha256) {
    c.warnings.emplace_back("the lesions were found by another model than the one explained");
  }
  return c;
}

Case segment_case(const fs::path& input, const fs::path& out, const model::Model& model,
                  const ExplainSettings& settings, Progress& progress) {
  const std::vector<SegmentJob> jobs = find_jobs({input}, out, progress);
  if (jobs.size() != 1) {
    throw Error(ExitCode::usage, "holds " + std::to_string(jobs.size()) + " scans, not one",
                input.string(), "name one scan, or the folder of one finished case");
  }
  progress.step("reading");
  volume::NiftiImage read = read_scan_of(jobs.front(), progress);
  Case c{jobs.front().stem, std::move(read.image), read.header.geometry, {}, read.warnings};
  c.others = jobs.front().others;
  c.found = segmentation::segment(
      model, {c.scan, read_others(c.others, model.recipe.sequences(), progress)},
      settings.segmenter, progress);
  return c;
}

bool is_finished(const fs::path& input) {
  if (!fs::is_directory(input)) return false;
  try {
    return !report::find_finished(input).empty();
  } catch (const Error&) {
    return false;  // a folder of scans
  }
}

std::string file_base(const std::string& stem, const Question& question) {
  if (question.healthy_at) return stem + "_healthy_relevance";
  const std::string id = question.lesion == 0 ? "all" : std::to_string(question.lesion);
  return stem + "_lesion-" + id + "_relevance";
}

std::string title(const Case& c, const Question& question, const report::Words& words) {
  if (question.healthy_at) return report::filled(words.relevance_of_healthy, {c.stem});
  if (question.lesion == 0) return report::filled(words.relevance_of_all, {c.stem});
  return report::filled(words.relevance_of_lesion, {c.stem, std::to_string(question.lesion)});
}

volume::Mask asked_voxels(const Case& c, const Question& question) {
  if (question.healthy_at) {
    return explanation::healthy_ball(*question.healthy_at, question.healthy_radius_mm,
                                     c.found.brain_mask, c.found.lesion_mask);
  }
  return explanation::lesion_voxels(c.found.lesion_mask, question.lesion);
}

/// Of what the network answered alone: not averaged with the mirrored head, not calibrated.
double probability(double logit) {
  return 1 / (1 + std::exp(-logit));
}

/// A channel's relevance, for and against, and their sum.
Json sums(const volume::Image& image) {
  double above = 0, below = 0;
  for (const float r : image.data) (r > 0 ? above : below) += r;
  return {{"for", above}, {"against", below}, {"sum", above + below}};
}

Json sanity_json(const explanation::Sanity& s) {
  return {{"points_at_region", s.points_at_region},
          {"pointing_distance_mm", s.pointing_distance_mm},
          {"deleted_shares", explanation::deleted_shares},
          {"drop_most_relevant", s.drop_most_relevant},
          {"drop_random", s.drop_random},
          {"mean_drop_most_relevant", s.mean_drop_most_relevant},
          {"mean_drop_random", s.mean_drop_random},
          {"randomised_shares", explanation::randomised_shares},
          {"rank_correlation", s.rank_correlation}};
}

std::vector<volume::Image> volumes_of(const explanation::Map& map,
                                      const preprocessing::Prepared& prepared) {
  std::vector<volume::Image> volumes;
  volume::Image sum(prepared.scan_grid);
  for (int channel = 0; channel < map.values.channels; ++channel) {
    volumes.push_back(explanation::on_scan_grid(map, channel, prepared));
    for (std::size_t v = 0; v < sum.data.size(); ++v) sum.data[v] += volumes.back().data[v];
  }
  volumes.push_back(std::move(sum));
  return volumes;
}

void draw(const Case& c, const volume::Mask& asked, const std::vector<volume::Image>& volumes,
          const std::vector<std::string>& sequences, const std::string& title,
          const std::string& about, const fs::path& file) {
  const report::Words& words = report::english();
  report::RelevanceInput input;
  input.scan = {.scan = &c.scan,
                .lesions = &c.found.lesion_mask,
                .brain = &c.found.brain_mask,
                .title = title};
  input.region = &asked;
  input.channels = {{words.relevance_flair, &volumes.front()}};
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    input.channels.push_back({sequences[i], &volumes[1 + i]});
  }
  input.channels.push_back({words.relevance_lesion_frequency, &volumes[volumes.size() - 2]});
  input.channels.push_back({words.relevance_sum, &volumes.back()});
  input.about = about;
  report::write_png(file, report::draw_relevance(input, words));
}

Json facts(const Case& c, const Question& question, const explanation::Region& region,
           const preprocessing::Prepared& prepared, const explanation::Map& map,
           const std::vector<volume::Image>& volumes, const model::Model& model,
           const ExplainSettings& settings) {
  Json json = settings.record;
  json["stem"] = c.stem;
  json["model"] = {{"name", model.bundle.name},
                   {"version", model.bundle.version},
                   {"sha256", model.bundle.weights_sha256}};
  json["lesion"] = question.healthy_at ? Json() : Json(question.lesion);
  if (question.healthy_at) {
    json["healthy_at_mm"] = *question.healthy_at;
    json["healthy_radius_mm"] = question.healthy_radius_mm;
  }
  json["method"] = explanation::name_of(settings.map.method);
  if (settings.map.method == explanation::Method::relevance) {
    json["preset"] = settings.map.composite;
    json["relevance"] = {{"seeded", map.seeded},
                         {"reached_input", map.reached_input},
                         {"absorbed_by_biases", map.absorbed_by_biases},
                         {"absorbed_by_stabilisers", map.absorbed_by_stabilisers}};
  }
  json["mirrored"] = settings.map.mirror;
  json["network_voxels"] = region.size();
  json["network_slices"] = region.slices(prepared.grid).size();
  json["mean_logit"] = map.decision;
  json["volumes"] = Json::array();
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    Json one = sums(volumes[i]);
    one["name"] = i + 1 < volumes.size() ? prepared.channels.at(i).name : "sum";
    json["volumes"].push_back(std::move(one));
  }
  return json;
}

}  // namespace

fs::path explain(const fs::path& input, const fs::path& scan, const Question& question,
                 const model::Model& model, const ExplainSettings& settings, const fs::path& out,
                 Progress& progress) {
  explanation::MapSettings map_settings = settings.map;
  map_settings.healthy = question.healthy_at.has_value();
  const Case c = is_finished(input) ? open_case(input, scan, model)
                                    : segment_case(input, out, model, settings, progress);
  for (const std::string& warning : c.warnings) progress.warn(warning);
  core::AtomicFolder folder(out, settings.overwrite);
  const std::string base = file_base(c.stem, question);
  for (const char* extension : {".nii.gz", ".png", ".json"}) folder.claim(base + extension);

  const auto started = std::chrono::steady_clock::now();
  const volume::Mask asked = asked_voxels(c, question);
  const preprocessing::Prepared prepared =
      model.recipe.prepare({c.scan, read_others(c.others, model.recipe.sequences(), progress)},
                           {c.found.brain_mask, c.found.was_stripped}, progress);
  explanation::Region region = explanation::region_of(asked, prepared);
  if (settings.check) region = explanation::thinned(region, prepared.grid, checked_slices);
  const explanation::Explainer explainer(model.bundle, prepared);
  const explanation::Map map = explainer.map(region, map_settings, progress);
  progress.step("writing");
  const std::vector<volume::Image> volumes = volumes_of(map, prepared);
  volume::write_nifti_series(folder.temporary() / (base + ".nii.gz"), volumes, &c.geometry);
  const report::Words& words = report::english();
  const std::string about =
      report::filled(words.relevance_decision,
                     {settings.map.method == explanation::Method::relevance
                          ? settings.map.composite
                          : explanation::name_of(settings.map.method),
                      core::number(probability(map.decision), 2), std::to_string(region.size())});
  draw(c, asked, volumes, model.recipe.sequences(), title(c, question, words), about,
       folder.temporary() / (base + ".png"));
  progress.finish();

  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  Json json = facts(c, question, region, prepared, map, volumes, model, settings);
  json["seconds"] = seconds.count();
  if (settings.check) {
    json["checks"] = sanity_json(explanation::check(explainer, region, map, map_settings,
                                                    core::Random(settings.seed), progress));
  }
  json["warnings"] = progress.warnings();
  core::write_json(folder.temporary() / (base + ".json"), json);
  folder.commit();
  return out / (base + ".png");
}

}  // namespace dawson::workflow
