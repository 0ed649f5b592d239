#include "dawson/dataset/folds.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/dataset/participants.h"

namespace dawson::dataset {
namespace {

int parse_fold(const std::string& text, const std::string& patient, const std::string& where) {
  int fold = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fold);
  if (error != std::errc{} || end != text.data() + text.size() || fold < 0) {
    throw Error(ExitCode::input,
                "the fold of " + patient + " is '" + text + "', not a whole number from 0", where);
  }
  return fold;
}

double parse_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? value : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

int Folds::fold_of(const std::string& source, const std::string& participant) const {
  for (const FoldRow& row : rows) {
    if (row.source == source && row.participant == participant) return row.fold;
  }
  throw Error(ExitCode::input, "the folds have no patient " + source + "/" + participant, {},
              "add it to folds.tsv or leave its scans out");
}

int Folds::fold_of(const Scan& scan) const {
  return fold_of(scan.source, scan.participant);
}

void verify_folds(const Folds& folds, const std::string& where) {
  if (folds.rows.empty()) throw Error(ExitCode::input, "holds no patients", where);
  std::map<std::string, int> fold_of_patient;
  std::set<int> used;
  for (const FoldRow& row : folds.rows) {
    const std::string patient = row.source + "/" + row.participant;
    const auto [known, is_new] = fold_of_patient.emplace(patient, row.fold);
    if (!is_new && known->second != row.fold) {
      throw Error(ExitCode::input,
                  "patient " + patient + " is in fold " + std::to_string(known->second) +
                      " and in fold " + std::to_string(row.fold),
                  where, "all visits of a patient belong to one fold");
    }
    used.insert(row.fold);
  }
  for (int fold = 0; fold < folds.count; ++fold) {
    if (used.count(fold) == 0) {
      throw Error(ExitCode::input, "fold " + std::to_string(fold) + " has no patient", where);
    }
  }
}

Folds read_folds(const std::filesystem::path& file) {
  const core::Table table = core::Table::read(file);
  for (const char* name : {"source", "participant_id", "fold"}) {
    if (!table.has_column(name)) {
      throw Error(ExitCode::input, std::string("has no column '") + name + "'", file.string());
    }
  }
  const auto text = [&](const std::vector<std::string>& row, const std::string& name) {
    return table.has_column(name) ? row[table.column(name)] : std::string("n/a");
  };
  Folds folds;
  for (const auto& cells : table.rows()) {
    FoldRow row;
    row.source = text(cells, "source");
    row.participant = text(cells, "participant_id");
    row.file = text(cells, "file");
    row.fold = parse_fold(text(cells, "fold"), row.source + "/" + row.participant, file.string());
    row.lesion_ml = parse_number(text(cells, "lesion_ml"));
    folds.count = std::max(folds.count, row.fold + 1);
    folds.rows.push_back(std::move(row));
  }
  verify_folds(folds, file.string());
  return folds;
}

Folds leave_site_out(const std::vector<Scan>& scans) {
  const std::vector<Participant> participants = participants_of(scans);
  std::map<std::string, int> sites;
  for (const Participant& p : participants) sites.emplace(*p.site, 0);
  if (sites.size() < 2) {
    throw Error(ExitCode::input, "leaving a site out needs patients of two sites or more", {},
                "name the sites in participants.tsv, column site, or give a tree a site");
  }
  Folds folds;
  for (auto& [name, fold] : sites) fold = folds.count++;
  for (std::size_t i = 0; i < scans.size(); ++i) {
    const Scan& s = scans[i];
    folds.rows.push_back({s.source, s.participant, s.file_in_trees().string(),
                          sites.at(*participants[i].site),
                          std::numeric_limits<double>::quiet_NaN()});
  }
  verify_folds(folds, "participants.tsv");
  return folds;
}

void write_folds(const Folds& folds, const std::filesystem::path& file) {
  core::Table table({{"source", "The BIDS tree"},
                     {"participant_id", "The patient in it"},
                     {"file", "The FLAIR, relative to the folder that holds the trees"},
                     {"fold", "The fold that the patient is held out in, from 0"},
                     {"lesion_ml", "Lesion volume in millilitres"}});
  for (const FoldRow& row : folds.rows) {
    table.add_row({row.source, row.participant, row.file, std::to_string(row.fold),
                   core::number(row.lesion_ml, 3)});
  }
  table.write(file);
}

void require_all(const Folds& folds, const std::vector<Scan>& scans) {
  std::set<std::string> known;
  for (const FoldRow& row : folds.rows) known.insert(row.source + "/" + row.participant);
  std::set<std::string> missing;
  for (const Scan& scan : scans) {
    if (known.count(scan.patient()) == 0) missing.insert(scan.patient());
  }
  if (missing.empty()) return;
  std::string names;
  for (const std::string& patient : missing) names += (names.empty() ? "" : ", ") + patient;
  throw Error(ExitCode::input, "the folds lack " + names, {},
              "add them to folds.tsv or leave their scans out");
}

}  // namespace dawson::dataset
