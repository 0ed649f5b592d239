// A patient's scan from a hospital's export to a report, with the models that are shipped: nobody
// is named on the way.
#include "dawson/volume/whole_file.h"
#include "dicom/made_series.h"
#include "dicom/planted.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

class RealDeidentify : public ProgramTest {
 protected:
  /// The scan as DICOM holds it, with a name in every place that takes one.
  void write_series(const std::string& suffix, const std::string& uid, double inversion_ms,
                    double echo_ms) const {
    const fs::path anat = fs::path(DAWSON_TEST_DATA) / "tabriz/sub-112776/anat";
    volume::Image scan = volume::read_nifti(anat / ("sub-112776_" + suffix + ".nii.gz")).image;
    const float most = *std::max_element(scan.data.begin(), scan.data.end());
    for (float& v : scan.data) v = std::max(0.0F, v / most * 30000);
    made::SeriesSettings settings;
    settings.uid = uid;
    settings.inversion_ms = inversion_ms;
    settings.echo_ms = echo_ms;
    settings.repetition_ms = inversion_ms > 0 ? 9000 : 500;
    settings.change = [](DcmDataset& d, int) {
      made::plant_everywhere(d, 1);
      made::put(d, DCM_StudyInstanceUID, "1.2.3.4");
    };
    made::write_series(path("Beeblebrox_Zaphod/" + suffix), scan, settings);
  }

  [[nodiscard]] std::string found_below(const std::string& name) const {
    for (const auto& entry : fs::recursive_directory_iterator(path(name))) {
      const std::string own = entry.path().lexically_relative(path(name)).string();
      if (!made::found_in(own).empty()) return own;
      if (!entry.is_regular_file()) continue;
      if (!made::found_in(volume::read_whole_file(entry.path())).empty()) return own;
    }
    return {};
  }

  const std::string shipped_ = "export DAWSON_MODELS=" DAWSON_SOURCE_DIR "/models;";
};

TEST_F(RealDeidentify, FromAnExportToAReportThatNamesNobody) {
  write_series("FLAIR", "1.2.5", 2500, 119);
  write_series("T1w", "1.2.6", 0, 12);
  ASSERT_EQ(dawson("import --new-key key").code, 0);
  const Ended imported = dawson(
      "import -i Beeblebrox_Zaphod -o bids --deidentify --key key --deface --strict", shipped_);
  ASSERT_EQ(imported.code, 0) << imported.err;
  const Ended verified = dawson("import --verify-deidentified bids");
  EXPECT_EQ(verified.code, 0) << verified.out;
  const Ended segmented = dawson("segment -i bids -o out --threads 2 --progress plain", shipped_);
  ASSERT_EQ(segmented.code, 0) << segmented.err;
  for (const Ended& ended : {imported, verified, segmented}) {
    EXPECT_EQ(made::found_in(ended.out + ended.err), "");
  }
  EXPECT_EQ(found_below("bids"), "");
  EXPECT_EQ(found_below("out"), "");
  std::size_t reports = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path("out"))) {
    reports += entry.path().filename().string().ends_with("_report.pdf") ? 1 : 0;
  }
  EXPECT_EQ(reports, 1U);
}

}  // namespace
}  // namespace dawson::cli
