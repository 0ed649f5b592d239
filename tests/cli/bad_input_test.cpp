// What people feed to a program by mistake: each with its exit code, one clear sentence, and
// nothing written.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <limits>
#include <thread>

#include "support/made_tree.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

// Byte offsets of NIfTI-1 header fields (nifti1.h).
constexpr std::streamoff dim = 40;
constexpr std::streamoff qform_code = 252;
constexpr std::streamoff quaternion = 256;
constexpr std::streamoff sform = 280;
constexpr std::streamoff values = 352;

class BadInput : public ProgramTest {};

TEST_F(BadInput, MissingFile) {
  expect_refusal(3, "nowhere.nii.gz: does not exist", "segment -i nowhere.nii.gz -o out");
}

TEST_F(BadInput, NotAnImage) {
  testing::write(path("letter.nii.gz"), "Dear colleague, the scan is attached as discussed.");
  expect_refusal(3, "letter.nii.gz: ", "segment -i letter.nii.gz -o out");
  testing::write(path("letter.doc"), "Dear colleague");
  expect_refusal(3, "letter.doc: ", "segment -i letter.doc -o out");
  fs::create_directories(path("folder"));
  expect_refusal(3, "folder: holds neither a BIDS tree nor images", "segment -i folder -o out");
}

TEST_F(BadInput, TruncatedFile) {
  const fs::path zipped = scan("zipped.nii.gz");
  fs::resize_file(zipped, fs::file_size(zipped) / 2);
  expect_refusal(3, "zipped.nii.gz: ", "segment -i zipped.nii.gz -o out");
  const fs::path plain = scan("plain.nii");
  fs::resize_file(plain, fs::file_size(plain) - 100);
  expect_refusal(3, "plain.nii: ", "segment -i plain.nii -o out");
}

TEST_F(BadInput, HeaderThatPromisesABillionVoxels) {
  const fs::path file = scan("huge.nii");
  for (int axis = 1; axis <= 3; ++axis) patch<std::int16_t>(file, dim + 2 * axis, 1000);
  // With a tenth of the memory that it promises.
  expect_refusal(3, "huge.nii: ", "segment -i huge.nii -o out", "ulimit -v 4000000;");
}

TEST_F(BadInput, MoreThanOneVolume) {
  const fs::path file = scan("series.nii");
  const auto once = testing::read(file);
  testing::write(file, once + once.substr(values));
  patch<std::int16_t>(file, dim, 4);
  patch<std::int16_t>(file, dim + 8, 2);
  expect_refusal(3, "volumes", "segment -i series.nii -o out");
}

TEST_F(BadInput, EmptyAndConstantImages) {
  testing::write(path("empty.nii.gz"), "");
  expect_refusal(3, "empty", "segment -i empty.nii.gz -o out");
  volume::write_nifti(path("flat.nii.gz"), volume::Image(made::coarse_grid(), 7.0F));
  expect_refusal(3, "flat.nii.gz: the image is constant", "segment -i flat.nii.gz -o out");
}

TEST_F(BadInput, ScansThatArePlainlyNoHead) {
  core::Random random(5);
  volume::Image noise(made::coarse_grid());
  for (float& v : noise.data) v = static_cast<float>(random.uniform(0, 100));
  volume::write_nifti(path("noise.nii.gz"), noise);
  expect_refusal(3, "is it a FLAIR scan of a head?", "segment -i noise.nii.gz -o out");

  const auto shape = [&](const char* name, auto inside, bool noisy) {
    volume::write_nifti(path(name), test::painted(made::coarse_grid(), [&](const auto& p) {
                          return inside(p) ? noisy ? random.uniform(50, 90) : 80.0 : 0.0;
                        }));
    return std::string("segment -o out -i ") + name;
  };
  const auto box = [](const volume::Vector3& p) {
    return std::abs(p[0]) < 60 && std::abs(p[1]) < 60 && std::abs(p[2]) < 60;
  };
  const auto ball = [](const volume::Vector3& p) { return std::hypot(p[0], p[1], p[2]) < 70; };
  expect_refusal(3, "box.nii.gz: ", shape("box.nii.gz", box, false));
  expect_refusal(3, "is it a FLAIR scan of a head?", shape("ball.nii.gz", ball, true));
  expect_refusal(3, "is it a FLAIR scan of a head?", shape("noisy_box.nii.gz", box, true));
}

TEST_F(BadInput, NotFiniteValuesAreRepairedWhenFewAndRefusedWhenMany) {
  volume::Image image = made::head(made::coarse_grid()).scan;
  image.data[10] = std::numeric_limits<float>::quiet_NaN();
  image.data[20] = std::numeric_limits<float>::infinity();
  volume::write_nifti(path("few.nii.gz"), image);
  const Ended few = dawson("segment -i few.nii.gz -o few");
  EXPECT_EQ(few.code, 0) << few.err;
  EXPECT_NE(warnings("few/few_run.json").find("2 "), std::string::npos)
      << warnings("few/few_run.json");
  EXPECT_NE(few.err.find("warning"), std::string::npos);

  for (std::size_t v = 0; v < image.data.size() / 20; ++v) {
    image.data[v] = std::numeric_limits<float>::quiet_NaN();
  }
  volume::write_nifti(path("many.nii.gz"), image);
  expect_refusal(3, "many.nii.gz: ", "segment -i many.nii.gz -o many");
}

TEST_F(BadInput, DirectionsAreRepairedWhenSlightlyOffAndRefusedWhenAbsurd) {
  const fs::path file = scan("skew.nii");
  patch<float>(file, sform + 4, 0.02F * 4);  // x also runs along j: off by 0.02
  const Ended slightly = dawson("segment -i skew.nii -o out");
  EXPECT_EQ(slightly.code, 0) << slightly.err;
  EXPECT_NE(warnings("out/skew_run.json").find("not perpendicular"), std::string::npos)
      << warnings("out/skew_run.json");
  patch<float>(file, sform + 4, 0.9F * 4);
  expect_refusal(3, "skew.nii: ", "segment -i skew.nii -o absurd");
}

TEST_F(BadInput, SformAndQformThatDisagreeAreSaid) {
  const fs::path file = scan("two.nii");
  patch<float>(file, quaternion + 12, 55.0F);  // qoffset_x
  const Ended ended = dawson("segment -i two.nii -o out");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(warnings("out/two_run.json").find("qform"), std::string::npos)
      << warnings("out/two_run.json");
  EXPECT_NE(ended.err.find("qform"), std::string::npos) << ended.err;
}

TEST_F(BadInput, MaskAndImageThatDisagree) {
  const made::Head made = made::head(made::coarse_grid());
  made::add_to_tree(path("site"), "sub-01", made);
  volume::write_nifti(made::mask_of(path("site"), "sub-01", "lesion"),
                      volume::Mask(test::centred({20, 20, 20}, {4, 4, 4}), 1));
  const Ended prepared = dawson("prepare -i site -o cache --progress none");
  EXPECT_EQ(prepared.code, 3) << prepared.err;
  EXPECT_NE(prepared.err.find("does not lie on the scan's grid"), std::string::npos)
      << prepared.err;
  made::add_to_tree(path("site"), "sub-02", made);
  const Ended partly = dawson("prepare -i site -o cache --progress none");
  EXPECT_EQ(partly.code, 7) << partly.err;

  volume::write_nifti(path("a.nii.gz"), made.lesions);
  volume::write_nifti(path("b.nii.gz"), volume::Mask(test::centred({20, 20, 20}, {4, 4, 4}), 1));
  expect_refusal(3, "a: the prediction has 20×20×20 voxels",
                 "evaluate --reference a.nii.gz --prediction b.nii.gz -o scores");
}

TEST_F(BadInput, BundlesThatCannotBeTrusted) {
  scan("head.nii.gz");
  const std::string line = "segment -i head.nii.gz -o out --model ";
  const auto copy = [&](const char* name) {
    fs::copy(path("models/lesion"), path(name));
    return path(name);
  };
  const fs::path changed = copy("changed") / "weights.safetensors";
  patch<char>(changed, static_cast<std::streamoff>(fs::file_size(changed)) - 1, 'x');
  expect_refusal(5, "changed", line + "changed");
  fs::remove(copy("partial") / "weights.safetensors");
  expect_refusal(5, "weights.safetensors", line + "partial");
  core::Json newer = core::Json::parse(testing::read(copy("newer") / "model.json"));
  ASSERT_TRUE(newer.contains("format"));
  newer["format"] = 99;
  testing::write(path("newer/model.json"), newer.dump());
  expect_refusal(5, "newer", line + "newer");
  testing::write(path("newer/model.json"), "{");
  expect_refusal(5, "model.json", line + "newer");
  expect_refusal(5, "is not a lesion model", line + "brain");
}

TEST_F(BadInput, ModelsThatAreNowhere) {
  scan("head.nii.gz");
  expect_refusal(5, "nosuch: is not in any folder of models",
                 "segment -i head.nii.gz -o out --model nosuch");
  expect_refusal(5, "nosuch", "segment -i head.nii.gz -o out --model nosuch",
                 "export DAWSON_MODELS=/nowhere;");
}

TEST_F(BadInput, OutputThatCannotBeWritten) {
  scan("head.nii.gz");
  testing::write(path("file"), "in the way");
  expect_refusal(4, "file", "segment -i head.nii.gz -o file/out");
  expect_refusal(4, "file", "segment -i head.nii.gz -o file");
  expect_refusal(4, "/proc", "segment -i head.nii.gz -o /proc/out");
}

TEST_F(BadInput, DiskThatIsFull) {
  scan("head.nii.gz");
  // No file may grow beyond 16 KiB, which is less than the pictures need.
  expect_refusal(4, "dawson: out/head_", "segment -i head.nii.gz -o out",
                 "trap '' XFSZ; ulimit -f 32;");
}

TEST_F(BadInput, OutputThatIsAlreadyThere) {
  scan("head.nii.gz");
  ASSERT_EQ(dawson("segment -i head.nii.gz -o out").code, 0);
  const auto written = fs::last_write_time(path("out/head_report.pdf"));
  expect_refusal(4, "already exists", "segment -i head.nii.gz -o out");
  EXPECT_EQ(fs::last_write_time(path("out/head_report.pdf")), written);
  fs::remove(path("out/head_label-lesion_mask.nii.gz"));
  expect_refusal(4, "already exists", "segment -i head.nii.gz -o out");  // one file is enough
  EXPECT_EQ(dawson("segment -i head.nii.gz -o out --overwrite").code, 0);
  EXPECT_GT(fs::last_write_time(path("out/head_report.pdf")), written);
}

TEST_F(BadInput, ACohortGoesOnWhenOneCaseFails) {
  fs::create_directories(path("scans"));
  scan("scans/a.nii.gz");
  testing::write(path("scans/b.nii.gz"), "no image");
  scan("scans/c.nii.gz");
  const Ended ended = dawson("segment -i scans -o out --progress none");
  EXPECT_EQ(ended.code, 7) << ended.err;
  EXPECT_NE(ended.err.find("1 of 3 scans failed"), std::string::npos) << ended.err;
  EXPECT_EQ(ended.out, "out/cohort.tsv\n");
  const std::string table = testing::read(path("out/cohort.tsv"));
  EXPECT_NE(table.find("\na\tdone\t3\t"), std::string::npos) << table;
  EXPECT_NE(table.find("\nb\tfailed\tn/a\t"), std::string::npos) << table;
  EXPECT_NE(table.find("\nc\tdone\t3\t"), std::string::npos) << table;
  EXPECT_NE(table.find("b.nii.gz: "), std::string::npos) << table;
  EXPECT_TRUE(fs::exists(path("out/c/c_report.pdf")));
  EXPECT_FALSE(fs::exists(path("out/b")));
}

TEST_F(BadInput, OptionsOfOnePatientSuitNoCohort) {
  fs::create_directories(path("scans"));
  scan("scans/a.nii.gz");
  scan("scans/b.nii.gz");
  expect_refusal(2, "--age", "segment -i scans -o out --age 40");
}

/// Starts `segment`, waits until it says `step`, interrupts it and waits for its end.
TEST_F(BadInput, CtrlCLeavesNothingBehind) {
  scan("head.nii.gz", test::centred({100, 110, 104}, {2, 2, 2}));
  const std::set<std::string> already = contents();
  for (const char* step : {"bias field", "network"}) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      dup2(pipe_ends[1], STDERR_FILENO);
      close(pipe_ends[0]);
      if (chdir(path("").c_str()) != 0) _exit(99);
      setenv("DAWSON_MODELS", "models", 1);
      execl(DAWSON_PROGRAM, DAWSON_PROGRAM, "segment", "-i", "head.nii.gz", "-o", "out",
            "--progress", "json", nullptr);
      _exit(99);
    }
    close(pipe_ends[1]);
    std::string said;
    for (char c = 0; said.find(step) == std::string::npos && read(pipe_ends[0], &c, 1) == 1;) {
      said += c;
    }
    ASSERT_NE(said.find(step), std::string::npos) << said;
    const auto begin = std::chrono::steady_clock::now();
    kill(child, SIGINT);
    int status = 0;
    waitpid(child, &status, 0);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    close(pipe_ends[0]);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 130);
    EXPECT_LT(elapsed.count(), 2.0);  // a second, and a busy machine
    EXPECT_EQ(contents(), already) << step;
  }
}

}  // namespace
}  // namespace dawson::cli
