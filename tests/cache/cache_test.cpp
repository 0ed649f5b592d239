#include "dawson/cache/cache.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>

#include "cache/made_cache.h"
#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "support/temporary_folder.h"

namespace dawson::cache {
namespace {

using testing::made_arrays;
using testing::made_entry;
using testing::made_recipe;
using testing::TemporaryFolder;

void expect_same(const Entry& a, const Entry& b) {
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.participant, b.participant);
  EXPECT_EQ(a.session, b.session);
  EXPECT_EQ(a.stem, b.stem);
  EXPECT_EQ(a.size, b.size);
  EXPECT_EQ(a.spacing_mm, b.spacing_mm);
  EXPECT_EQ(a.affine, b.affine);
  EXPECT_EQ(a.content_sha256, b.content_sha256);
  ASSERT_EQ(a.channels.size(), b.channels.size());
  for (std::size_t c = 0; c < a.channels.size(); ++c) {
    EXPECT_EQ(a.channels[c].name, b.channels[c].name);
    EXPECT_EQ(a.channels[c].scale, b.channels[c].scale);
    EXPECT_EQ(a.channels[c].offset, b.channels[c].offset);
  }
}

/// A cache of two patients in `folder`.
void make_cache(const std::filesystem::path& folder) {
  Writer writer(folder, made_recipe(), "lesion", false);
  for (const char* participant : {"sub-2", "sub-1"}) {
    const Entry entry = made_entry("tabriz", participant);
    writer.add(entry, made_arrays(entry));
  }
}

Error error_of_opening(const std::filesystem::path& folder) {
  try {
    (void)Cache::open(folder);
  } catch (const Error& e) {
    return e;
  }
  ADD_FAILURE() << "the cache was opened";
  return {ExitCode::done, ""};
}

void expect_refused(const std::filesystem::path& folder, const std::string& why) {
  const Error error = error_of_opening(folder);
  EXPECT_EQ(error.code(), ExitCode::input);
  EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
}

TEST(Cache, ReturnsWhatWasWritten) {
  const TemporaryFolder folder;
  Entry entry = made_entry("ljubljana", "sub-19");
  entry.session = "ses-02";
  const Arrays arrays = made_arrays(entry);
  Writer(folder / "cache", made_recipe(), "brain", false).add(entry, arrays);

  const Cache cache = Cache::open(folder / "cache");
  EXPECT_EQ(cache.target(), "brain");
  EXPECT_EQ(cache.recipe(), made_recipe());
  EXPECT_EQ(cache.recipe_sha256(), core::sha256(made_recipe().dump()));
  ASSERT_EQ(cache.entries().size(), 1U);
  expect_same(cache.entries().front(), entry);
  const Arrays read = cache.load(cache.entries().front());
  EXPECT_EQ(read.image, arrays.image);
  EXPECT_EQ(read.target, arrays.target);
  EXPECT_EQ(read.brain, arrays.brain);
}

TEST(Cache, ListsScansByName) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  const Cache cache = Cache::open(folder.path());
  ASSERT_EQ(cache.entries().size(), 2U);
  EXPECT_EQ(cache.entries()[0].patient(), "tabriz/sub-1");
  EXPECT_EQ(cache.entries()[1].patient(), "tabriz/sub-2");
}

// Debian's python3-numpy: not built where it is not installed.
#if __has_include("/usr/lib/python3/dist-packages/numpy/__init__.py")
TEST(Cache, IsReadByNumPy) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  testing::write(folder / "check.py",
                 "import numpy, sys\n"
                 "image = numpy.load(sys.argv[1] + '_image.npy')\n"
                 "target = numpy.load(sys.argv[1] + '_target.npy')\n"
                 "assert image.dtype == numpy.uint8 and image.shape == (2, 3, 4, 5), image.shape\n"
                 "assert target.dtype == numpy.uint8 and target.shape == (3, 4, 5)\n"
                 "assert (image.ravel() == numpy.arange(120) * 7 % 251).all()\n"
                 "assert (target.ravel() == (numpy.arange(60) % 6 == 1)).all()\n");
  const std::string command = "/usr/bin/python3 '" + (folder / "check.py").string() + "' '" +
                              (folder / "tabriz_sub-1").string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
}
#endif

TEST(Cache, RefusesAFolderWithoutIndex) {
  const TemporaryFolder folder;
  expect_refused(folder.path(), "index.json is missing");
  expect_refused(folder / "nowhere", "index.json is missing");
}

TEST(Cache, RefusesAnotherFormat) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  core::Json index = core::read_json(folder / "index.json");
  index["format"] = 2;
  core::write_json(folder / "index.json", index);
  expect_refused(folder.path(), "another format");
}

TEST(Cache, RefusesADamagedIndex) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  const core::Json whole = core::read_json(folder / "index.json");
  for (const char* key : {"format", "recipe", "target", "scans"}) {
    core::Json index = whole;
    index.erase(key);
    core::write_json(folder / "index.json", index);
    expect_refused(folder.path(), "is damaged");
  }
  for (const char* key : {"source", "participant", "session", "stem", "size", "spacing_mm",
                          "affine", "channels", "content_sha256"}) {
    core::Json index = whole;
    index["scans"][1].erase(key);
    core::write_json(folder / "index.json", index);
    expect_refused(folder.path(), "is damaged");
  }
  core::Json index = whole;
  index["scans"][0]["size"][2] = -3;
  core::write_json(folder / "index.json", index);
  expect_refused(folder.path(), "is damaged");
  core::write_json(folder / "index.json", core::Json::array());
  expect_refused(folder.path(), "is damaged");
  testing::write(folder / "index.json", whole.dump().substr(0, 200));
  expect_refused(folder.path(), "is not valid JSON");
}

TEST(Cache, RefusesMissingAndCutAndSwollenFiles) {
  for (const char* name :
       {"tabriz_sub-2_image.npy", "tabriz_sub-2_target.npy", "tabriz_sub-2_brain.npy"}) {
    const TemporaryFolder folder;
    make_cache(folder.path());
    const std::string whole = testing::read(folder / name);
    testing::write(folder / name, whole.substr(0, whole.size() - 1));
    expect_refused(folder.path(), "not of the size");
    testing::write(folder / name, whole + "x");
    expect_refused(folder.path(), "not of the size");
    std::filesystem::remove(folder / name);
    expect_refused(folder.path(), "is missing");
    EXPECT_NE(std::string(error_of_opening(folder.path()).what()).find(name), std::string::npos);
    testing::write(folder / name, whole);
    EXPECT_NO_THROW((void)Cache::open(folder.path()));
  }
}

TEST(Cache, RefusesAnArrayOfAnotherShape) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  std::string array = testing::read(folder / "tabriz_sub-1_target.npy");
  array.replace(array.find("(3, 4, 5"), 8, "(4, 3, 5");
  testing::write(folder / "tabriz_sub-1_target.npy", array);
  const Cache cache = Cache::open(folder.path());
  EXPECT_THROW((void)cache.load(cache.entries()[0]), Error);
  EXPECT_NO_THROW((void)cache.load(cache.entries()[1]));
}

TEST(Cache, RefusesACacheOfNothing) {
  const TemporaryFolder folder;
  core::write_json(folder / "index.json", {{"format", 1},
                                           {"target", "lesion"},
                                           {"recipe", made_recipe()},
                                           {"scans", core::Json::array()}});
  expect_refused(folder.path(), "holds no scans");
}

TEST(CacheWriter, GoesOnWhereAnEarlierRunStopped) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  Writer writer(folder.path(), made_recipe(), "lesion", false);
  const Entry known = made_entry("tabriz", "sub-1");
  EXPECT_TRUE(writer.holds(known.stem, known.content_sha256));
  EXPECT_FALSE(writer.holds(known.stem, "other content"));
  EXPECT_FALSE(writer.holds("tabriz_sub-3", known.content_sha256));
  const Entry fresh = made_entry("tabriz", "sub-3");
  writer.add(fresh, made_arrays(fresh));
  EXPECT_EQ(Cache::open(folder.path()).entries().size(), 3U);
}

TEST(CacheWriter, DoesNotHoldAScanWhoseFilesAreGone) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  std::filesystem::remove(folder / "tabriz_sub-1_brain.npy");
  const Writer writer(folder.path(), made_recipe(), "lesion", false);
  EXPECT_FALSE(writer.holds("tabriz_sub-1", made_entry("tabriz", "sub-1").content_sha256));
  EXPECT_TRUE(writer.holds("tabriz_sub-2", made_entry("tabriz", "sub-2").content_sha256));
}

TEST(CacheWriter, ReplacesAScanWhoseContentChanged) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  Entry changed = made_entry("tabriz", "sub-1");
  changed.size = {2, 3, 4};
  changed.content_sha256 = "new";
  const Arrays arrays = made_arrays(changed, 100);
  Writer(folder.path(), made_recipe(), "lesion", false).add(changed, arrays);
  const Cache cache = Cache::open(folder.path());
  ASSERT_EQ(cache.entries().size(), 2U);
  expect_same(cache.entries()[0], changed);
  EXPECT_EQ(cache.load(cache.entries()[0]).image, arrays.image);
}

TEST(CacheWriter, RefusesAFolderOfAnotherRecipeOrTarget) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  const auto refused = [&](const core::Json& recipe, const std::string& target) {
    try {
      const Writer writer(folder.path(), recipe, target, false);
      return false;
    } catch (const Error& e) {
      return e.code() == ExitCode::output;
    }
  };
  EXPECT_TRUE(refused({{"made", "otherwise"}}, "lesion"));
  EXPECT_TRUE(refused(made_recipe(), "brain"));
  EXPECT_FALSE(refused(made_recipe(), "lesion"));
  EXPECT_EQ(Cache::open(folder.path()).entries().size(), 2U);
}

TEST(CacheWriter, OverwritesAnotherRecipeAndADamagedIndex) {
  const TemporaryFolder folder;
  make_cache(folder.path());
  const Entry entry = made_entry("tabriz", "sub-9");
  Writer(folder.path(), {{"made", "otherwise"}}, "lesion", true).add(entry, made_arrays(entry));
  EXPECT_EQ(Cache::open(folder.path()).entries().size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(folder / "tabriz_sub-1_image.npy"));

  testing::write(folder / "index.json", "{");
  EXPECT_THROW(Writer(folder.path(), made_recipe(), "lesion", false), Error);
  Writer(folder.path(), made_recipe(), "lesion", true).add(entry, made_arrays(entry));
  EXPECT_EQ(Cache::open(folder.path()).recipe(), made_recipe());
}

TEST(CacheWriter, RefusesArraysThatDoNotFitTheirEntry) {
  const TemporaryFolder folder;
  Writer writer(folder.path(), made_recipe(), "lesion", false);
  const Entry entry = made_entry("tabriz", "sub-1");
  Arrays arrays = made_arrays(entry);
  arrays.target.pop_back();
  EXPECT_THROW(writer.add(entry, arrays), std::invalid_argument);
}

TEST(CacheWriter, RefusesAPlaceThatIsAFile) {
  const TemporaryFolder folder;
  testing::write(folder / "file", "not a folder");
  try {
    const Writer writer(folder / "file", made_recipe(), "lesion", false);
    FAIL() << "wrote into a file";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::output);
  }
}

}  // namespace
}  // namespace dawson::cache
