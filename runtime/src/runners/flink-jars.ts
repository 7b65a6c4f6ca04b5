import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PipelineError } from '../errors.ts';

// Longer than other files for its table: one line a jar.

/** Of Flink, whose runner is Beam's for Flink 1.19. */
export const FLINK_VERSION = '1.19.0';

/** The last version of Beam's portable Flink runner whose job service is in Maven's registry. */
export const FLINK_RUNNER_VERSION = '2.62.0';

/** What Maven is asked for; all jars follow from these two. */
export const FLINK_POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>millrace</groupId>
  <artifactId>flink</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.beam</groupId>
      <artifactId>beam-runners-flink-1.19</artifactId>
      <version>${FLINK_RUNNER_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.30</version>
    </dependency>
  </dependencies>
</project>
`;

/**
 * Checks that a folder has the jars that we know, with the content that we know, and no others.
 *
 * @throws {PipelineError} naming the first that is missing, unknown or different.
 */
export async function checkFlinkJars(folder: string, signal?: AbortSignal): Promise<void> {
  const known = flinkJars();
  const found = readdirSync(folder).filter((name) => name.endsWith('.jar'));
  for (const name of known.keys()) {
    if (!found.includes(name)) throw wrongJar(name, 'nothing');
  }
  for (const name of found) {
    const expected = known.get(name);
    if (expected === undefined) throw wrongJar(name, 'a jar that is not in the list');
    const hash = createHash('sha256');
    await pipeline(createReadStream(path.join(folder, name)), hash, { signal });
    const actual = hash.digest('hex');
    if (actual !== expected) throw wrongJar(name, `sha256 ${actual}`);
  }
}

/** The jars' file names, each with its SHA-256 in hexadecimal digits. */
export function flinkJars(): ReadonlyMap<string, string> {
  return new Map(
    JARS.trim()
      .split('\n')
      .map((line) => [line.slice(65), line.slice(0, 64)]),
  );
}

function wrongJar(name: string, received: string): PipelineError {
  return new PipelineError(
    `Cannot use the jars of Flink as ${name} must have the known checksum: received ${received}`,
    { hint: 'Fetch them again: npx millrace get flink; if it stays, the Maven repository gives other files' },
  );
}

const JARS = `
c720e6e5bcbe6b2f48ded75a47bccdb763eede79d14330102e0d352e3d89ed92 animal-sniffer-annotations-1.24.jar
ba734e1e84c09d615af6a09d33034b4f0442f8772dec120efb376d86a565ae15 annotations-4.1.1.4.jar
30c673f26b6def4edf5c20ff665332278c86d23e424ced6ef042c3aa7f91874a api-common-2.40.0.jar
91ddeaba0b24adce72291c618c00bbdce1c884755f6c4dba9c5c46e871c69ed6 args4j-2.33.jar
6c4e993c28cf2882964cac82a0f96e81a325840043884526565017b2f62c5ba4 async-profiler-2.9.jar
392a848fc611fff5fd317c2453a9a1bf7775e4f4de9c5af0d688bff57f691f6e auto-value-annotations-1.8.2.jar
eaed6622eef605b9bfcf726ea9b2182d3c7b063b690b1a560d15f194a206fd00 beam-model-fn-execution-2.62.0.jar
a1ca8460a2c1420ed86d97fc0066953ff9eac312bacef095d4729800a8f80933 beam-model-job-management-2.62.0.jar
c73d51aa4f2a4df614bc5e133c1778305abe59b38230f57ada10d44aad388cba beam-model-pipeline-2.62.0.jar
41be4d5c30c60b876f3f5d97123ddccb6a57c8822dc93b56cbda4fb54b6dd9c3 beam-runners-core-java-2.62.0.jar
1068e860e50ca258e300ac88116b6013f753383eae0e48fd5d787dbb9dcd6205 beam-runners-flink-1.19-2.62.0.jar
1cd66309c3fe3b0ea697f5a18df3a4f0612a7d5818dfdbc4938c863be5af6394 beam-runners-java-fn-execution-2.62.0.jar
db3fe3b16d2df72e4b72358a93511074c31469005767945702bb4d791a548aab beam-runners-java-job-service-2.62.0.jar
18dfa4039940bbada07595f630738976a77f92fc7e9309bd122fa3b1bc5b4622 beam-sdks-java-core-2.62.0.jar
7eea07e96c822ee16a2d5e1cd6e9cecf8d92e8e5ba7b1c72ab2e78a6ab6bee1b beam-sdks-java-expansion-service-2.62.0.jar
a395083305f8c6e49ea846671c4a8cccf6caa0a8ebd74356a0b68bdf4f80aff7 beam-sdks-java-extensions-google-cloud-platform-core-2.62.0.jar
f0ddb6c1c1c4834d757ad5c47074c7742b1830e8445a5b7564711361c275dba5 beam-sdks-java-harness-2.62.0.jar
778a941b5b25f2e3a2bdc8bd5cb4ed15ef5df78580913128d2c84e4b41c0388c beam-sdks-java-transform-service-launcher-2.62.0.jar
d6baf615b08cf46f084163c899450780ad33a87e7bb8d1d03158e2d2ba9b12f4 beam-vendor-grpc-1_60_1-0.3.jar
44669a8f43cdef8ac20e02484ead0d1cf8199d47e00c7f1828b579b7dfb0f9a2 beam-vendor-guava-32_1_2-jre-0.1.jar
970636134d61c183b19f8f58fa631e30d2f2abca344b37848a393cac7863dd70 byte-buddy-1.14.12.jar
d76b9afea61c7c082908023f0cbc1427fab9abd2df915c8b8a3e7a509bccbc6d checker-compat-qual-2.5.3.jar
ccaedd33af0b7894d9f2f3b644f4d19e43928e32902e61ac4d10777830f5aac7 checker-qual-3.42.0.jar
f7c41a2257be11e6c9bca97095c8f4b0299626941a3508469f90622eb8f8368e chill-java-0.7.6.jar
ea30b2d5e29e89d52706bcecf7a6ae3b44682d4a1566a5f22b9453f9be2a970c classgraph-4.8.162.jar
bc8bb01fc0fad250385706e20f927ddcff6173f6339b387dc879237752567ac6 commons-cli-1.5.0.jar
f700de80ac270d0344fdea7468201d8b9c805e5c648331c3619f2ee067ccfc59 commons-codec-1.17.0.jar
eeeae917917144a68a741d4c0dff66aa5c5c5fd85593ff217bced3fc8ca783b8 commons-collections-3.2.2.jar
9168a03141d8fc7eda21a2360d83cc0412bcbb1d6204d992bd48c2573cb3c6b8 commons-compress-1.26.2.jar
961b2f6d87dbacc5d54abf45ab7a6e2495f89b75598962d8c723cea9bc210908 commons-io-2.11.0.jar
7b96bf3ee68949abb5bc465559ac270e0551596fa34523fddf890ec418dde13c commons-lang3-3.14.0.jar
daddea1ea0be0f56978ab3006b8ac92834afeefbd9b7e4e6316fca57df0fa636 commons-logging-1.2.jar
1e56d7b058d28b65abd256b8458e3885b674c1d588fa43cd7d1cbb9c7ef2b308 commons-math3-3.6.1.jar
770cd903fa7b604d1f7ef7ba17f84108667294b2b478be8ed1af3bffb4ae0018 commons-text-1.10.0.jar
eaf537d98e033d0f0451cd1b8cc74e02d7b55ec882da63c88060d806ba89c348 conscrypt-openjdk-uber-2.5.2.jar
56853ca1991334dd99cc4f01c0aa66f2d96a46c2191df9ba74898be2c12e17a1 detector-resources-support-0.32.0.jar
f412ecbb235c2460b45e63584109723dea8d94b819c78c9bfc38f50cba8546c0 disruptor-3.4.2.jar
a249d4d25dfb86d41e6c82fc335df580189f0c9feeabdc53233fc1e5060724a1 error_prone_annotations-2.10.0.jar
53f4b0313803b7603b0ef0b67877c4dc504caba88d39bdbe7a360878c84c7294 exporter-metrics-0.31.0.jar
8a8f81cf9b359e3f6dfa691a1e776985c061ef2f223c9b2c80753e1b458e8064 failureaccess-1.0.2.jar
8468c68b17a660eb43dfa8fc2d71b6fc721ff342795b3f7d0a4fe62c1a8497e4 flink-annotations-1.19.0.jar
8a38b9abdb9b40c4658c894bcbe07519954e55d4c6343b2c26d6b72db862836a flink-clients-1.19.0.jar
ed87a62523a822e231f1e71f81115c5ae0b61123fa5a454840358eb0d5c48973 flink-connector-datagen-1.19.0.jar
329024868857f28cee032b562ffb017e7e460af06328b5dd3c0f0b16c49a2d1a flink-core-1.19.0.jar
d543c3a16156a283b000b657fbc3f05f8258da980896846d894649b02a197aea flink-file-sink-common-1.19.0.jar
aa3e3f40db97d988d7b51f5f0894500ec29eb31b9875bf96eca7e58974e03a56 flink-hadoop-fs-1.19.0.jar
d5a36b4ec4edec4e46af023f1f926bf053801733a6da38f04997f79c6772ae40 flink-java-1.19.0.jar
8ec40a07f3c2cf6bf37863347737ec9f676145c7e6d25ef20afa37d09df16d70 flink-metrics-core-1.19.0.jar
0eb4efd8b8b5a6e80bed8f0af3963e5de1664561b568f2bdc1b15138000d9190 flink-optimizer-1.19.0.jar
df7ebb95d46267e622a7c604b776544b08e64424cb936b1592169a43aca29297 flink-queryable-state-client-java-1.19.0.jar
f1e17f885571f2addb69ad529e9005eb4cf072a114b8ac26f59f9dbca48a703f flink-rpc-akka-loader-1.19.0.jar
4d0c59f38056001c2bb00586c555ea51e3d2274bd2198a283272d68aa9f16e48 flink-rpc-core-1.19.0.jar
cd9a615a449639dffad526c225b75cee4e073b54e486eb6364cd6d928233f7aa flink-runtime-1.19.0.jar
a79273d4fbea1683b5fe81bce25d7fe552a542690481132f7ded034a8f00169e flink-shaded-asm-9-9.5-17.0.jar
03442ae97c4ca34388568cbce0e67e9911b0137b2b3849dff7a550008d5a4336 flink-shaded-guava-31.1-jre-17.0.jar
37e87311498ae8da80adb2aa09ab6e9739d8611e09868e7220822206c739231e flink-shaded-jackson-2.14.2-17.0.jar
c4d370f1b2bda0b55686fdec840c8a047950b9448f26cd01f1594a3bf0fde75b flink-shaded-netty-4.1.91.Final-17.0.jar
e91cb263c67631a27e7a6cee147b75a9a638f3c52fcd053106fc4584feb6e585 flink-shaded-zookeeper-3-3.7.1-17.0.jar
51162f10caffbe440601834682531de649381a1ff20c0daf3a374f65f2f96b27 flink-streaming-java-1.19.0.jar
81b355ac0aeab008bafb30dbda8502826674fbf786a29dbbe68fab2cee5bff20 flogger-0.7.1.jar
fd66f2615a9d8fe1b2274f1b5005a5555a0cd63cdfdab2ca9500e6eb81dc5f63 flogger-system-backend-0.7.1.jar
30124b6eef1e0945ee40cc7d3a7d0b4cbffac167c6d4641209cb1af0f9c86d15 gapic-google-cloud-storage-v2-2.44.1-beta.jar
fd5e6692b5e5676d96c086899ac94a2c50758cd4276021bf0f7577fdceec92c2 gax-2.57.0.jar
cedb1c2b224560cb005b30a75617dda9832d4efe206d873aadff6e8667dc1f02 gax-grpc-2.54.1.jar
6bb667c7507c4cd43c546e750bfb2d6b0de01a9e3f28d6267f4e74ac92d0158d gax-httpjson-2.57.0.jar
8be122b87c73cee215e339480c33e5ebf71f4c45ec82ff1259b5c3fcb810a2e0 gcsio-2.2.26.jar
faf02f4070c4f591e7d1a591161da3bee2d08e2bb9c4578645559e8f55cf6b7b google-api-client-2.0.0.jar
94312af9e4436dc4e1dbae097e6b20d71c54002137a8f273a68f3a35d76b03d3 google-api-client-jackson2-2.0.1.jar
ea0f328ca3e26533d87b6cd943ab7316212fbe02e9478a02d2b4ba4d8c7d7634 google-api-services-cloudresourcemanager-v1-rev20240310-2.0.0.jar
897cc8a7adf82f05c073d5edcba2f10eec0a2b1850edd2816de091480aad79ed google-api-services-dataflow-v1b3-rev20240817-2.0.0.jar
4d8be16b12dafcde0e8f6d4c09699760c0af1b5f259205e425c5cfca73218d85 google-api-services-iamcredentials-v1-rev20211203-2.0.0.jar
0b8a1b47042855cf1fc82cdd501f213acff0f95049c6f2d701733c7d9c170701 google-api-services-storage-v1-rev20240924-2.0.0.jar
c4d9c243419b6a4ba4846d3ff9fa283dff14ea877e25c44ab058df6884fc248e google-auth-library-credentials-1.28.0.jar
7bf55722a2b97847cf975b904e7b66dbc815ed262dfa04898318be6fdbca851d google-auth-library-oauth2-http-1.28.0.jar
baa2f9768f1665b2c18cf730b863b307adeb95cf34ab9a68ad723a6c5e6a3159 google-cloud-core-2.44.1.jar
6d1f230b13ad553958ae8cd36b1fa21a5a635f380b29a3a4a2a01952b707706e google-cloud-core-grpc-2.47.0.jar
3eecfb2d2760ce5790e3e91f7ab984457b890685f91a269b1825067cd4cefd45 google-cloud-core-http-2.47.0.jar
9d8d9a05b7dcc1d9762c08e2c7fc08f02f65ad45edd358a62053a1568392ff94 google-cloud-monitoring-3.31.0.jar
59f5db7eb5acab89b4f21bf0550744ec9e7fe7e62a5d0b2399862a08c89cefd8 google-cloud-storage-2.44.1.jar
f08687cf42c8e3719f261280339773a8f369fbd3fcd6355cf6759a8c51ce473a google-cloud-storage-control-2.44.1.jar
b278fd4ed0e3019e9bf54b1e3a79cd4b6474376f01e4021db5d4d89eeef38ced google-extensions-0.7.1.jar
8340bbaf4410bd25921842e424cac3db9c916fdf47adfe73b8cba8dba7a06103 google-http-client-1.45.0.jar
8b495576cf959ad26fcfdd03cdf782fa2174120c48c515fe71b70148a951c20a google-http-client-apache-v2-1.42.1.jar
0d0efde4ac1f08838d3f5fa0a4b3d42cef6818196336bd8fcd80c5b7a9235c3c google-http-client-appengine-1.45.0.jar
44dc1da1b7914fe7df306ac79e8c04d879cbfcb2e6afc8eb106ecf0be9dce96e google-http-client-gson-1.45.0.jar
b03a79f38e924e2eeaee673acf314626825284cb39948d06c2948ad083b4d089 google-http-client-jackson2-1.42.3.jar
193edf97aefa28b93c5892bdc598bac34fa4c396588030084f290b1440e8b98a google-oauth-client-1.34.1.jar
79666307f57cd4112b3e43bd55661c8cc904ea98c957bf5c5dc4b5e337d0f5b8 grpc-alts-1.67.1.jar
dfffa28ca4d2f98aeb844a185e8e6a43e53054748e75339a84a2df39e9981db6 grpc-api-1.67.1.jar
b1e4603575734584dc7fac8c94ebfdd6306b219ea9aca5b211c84d3433d18bd5 grpc-auth-1.67.1.jar
b76be5923e1caa2a52bea55432d2c3183e4789f6f29ff07faa31fa1bf7a241cf grpc-census-1.67.1.jar
244f0ee6ea6bdd36f64a523e29f523d08466f4cf944ef5cc75d64de43e4795e8 grpc-context-1.67.1.jar
724cab7adab74ac5e4bc92ce14b5704fae24ebda35a58ae300ea6889fbd0e9fb grpc-core-1.67.1.jar
9b21872c855e31712af94878dbe9c3a3e5c7a9d323fa1f59e40fae3f249a3397 grpc-google-cloud-storage-control-v2-2.44.1.jar
61edd6de6007d83e53ac1b5575a98287298d0538eefd1930422933cc88447257 grpc-google-cloud-storage-v2-2.44.1-beta.jar
fc287612206f5b5ff18047a6f3840846ad923c32476325f5ffb17ae85cadb092 grpc-googleapis-1.67.1.jar
4846a61e634d2a6d87f691eeb9a9fecb40ce43b5b085f6b0f4e46d6e24c2c0bb grpc-grpclb-1.67.1.jar
35e465fc755c5ee754f4642801e86273e868c8604dad25940f760801d867a3ae grpc-inprocess-1.67.1.jar
e4de7638cba56d49b32ce1daa63d881da3ce604604913835b92ced5156aa3a99 grpc-netty-shaded-1.67.1.jar
43690bfa1afc85ae3e5887186b96e224402e907f518951c2f087362ea8f39332 grpc-opentelemetry-1.67.1.jar
be8bed48e170418ed2ae4854af4531c8c3993eb89c27c0764390f4b54909aa6c grpc-protobuf-1.67.1.jar
e6494656187b8948349632c146431e5a75e8307ae491c7c8426c577628c3020a grpc-protobuf-lite-1.67.1.jar
26f261547487a5cba233b625f9771ca76f1badc3e89324ffea17d056c263ed41 grpc-rls-1.67.1.jar
dff269bb14449e2cdce7b5d6af1e5ac395b29b77786adaab9e577b4653cacece grpc-services-1.67.1.jar
5cb72016854186ac7d264887c54740a79a7823adbacfe9a75789cd59ff2aa818 grpc-stub-1.67.1.jar
297f6600b8651a3990efcefd53c5e98bd369badbdc2444d789adc7af14236494 grpc-util-1.67.1.jar
74ef8e45c1076bc7db58a52393d1fdf5fcafb58dcbfa018513bd3a523a33cd70 grpc-xds-1.67.1.jar
57928d6e5a6edeb2abd3770a8f95ba44dce45f3b23b7a9dc2b309c581552a78b gson-2.11.0.jar
2c3e41d1b380f2044d257947a3aa82dabf3ae4b978622745254aa18b6cf89ab0 guava-33.3.1-android.jar
6fe9026a566c6a5001608cf3fc32196641f6c1e5e1986d1037ccdbd5f31ef743 httpclient-4.5.13.jar
f956209e450cb1d0c51776dfbd23e53e9dd8db9a1298ed62b70bf0944ba63b28 httpcore-4.4.14.jar
88241573467ddca44ffd4d74aa04c2bbfd11bf7c17e0c342c94c9de7a70a7c64 j2objc-annotations-3.0.0.jar
f204ebbd552614a22b8531ffe350d47f8fd42c45bb60517c07974dc27a5a1dd3 jackson-annotations-2.15.4.jar
8dc9210dd285db366f45f518dd1e6a9ccfeb0f1a8e184a899fe96d29edf1fd94 jackson-core-2.15.4.jar
0f99ff7719eef3ee85608b3dee6ecf3c698003fe9d6e34eabbfabccdc9b5ac2c jackson-databind-2.15.4.jar
aba81efa678b621203fb89aeff81d6f126f7a9dd709401e5609c42976684ae23 javassist-3.24.0-GA.jar
e04ba5195bcd555dc95650f7cc614d151e4bcd52d29a10b8aa2197f3ab89ab9b javax.annotation-api-1.3.2.jar
d65b4f127d36cf52b9b7b439552db22f3de92b892014512870cb3c98a3cf505e joda-time-2.10.14.jar
766ad2a0783f2687962c8ad74ceecc38a28b9f72a2d085ee438b7813e928d0c7 jsr305-3.0.2.jar
7e56b32c635058f9aa2820f88919ab702d029cbcd15285da9992e36cc0ae52f2 kryo-2.24.0.jar
b372a037d4230aa57fbeffdef30fd6123f9c0c2db85d0aced00c91b974f33f99 listenablefuture-9999.0-empty-to-avoid-conflict-with-guava.jar
d74a3334fb35195009b338a951f918203d6bbca3d1d359033dc33edd1cadc9ef lz4-java-1.8.0.jar
a678cb1aa8f5d03d901c992c75741841d98a9bc3d55dad02e84d65315c4e60f2 minlog-1.2.jar
c74330cc6b806c804fd37e74487b4fe5d7c2750c5e15fbc6efa13bdee1bdef80 objenesis-2.1.jar
f1474d47f4b6b001558ad27b952e35eda5cc7146788877fc52938c6eba24b382 opencensus-api-0.31.1.jar
2a6aad69455bd3c4ce5cfb0c6a3c296895afb3e7b9ebb11d3e20c296f864e51c opencensus-contrib-exemplar-util-0.31.0.jar
b28fc72490edd49c4c40a3c216b709200833fb361f7f602f1c7c9a527f7b7f63 opencensus-contrib-grpc-metrics-0.31.0.jar
3ea995b55a4068be22989b70cc29a4d788c2d328d1d50613a7a9afd13fdd2d0a opencensus-contrib-http-util-0.31.1.jar
5ef9451812105000670f17365d1cb66c9dc18028178911b6bb754f7976fd1609 opencensus-contrib-resource-util-0.31.0.jar
8da3929df8312e53f382f8ae2b8bfbf3fd7eb3f367357a2203df897922706a9e opencensus-exporter-metrics-util-0.31.0.jar
3f1b431c560cb2efd9a4a369f1b3f35b16e3f5ed65789843446b35c361949d22 opencensus-exporter-stats-stackdriver-0.31.0.jar
27b71217de6fdfa9b42265a3063ff7de39de74bcc3048e07c2318e1e4f064531 opencensus-impl-0.31.0.jar
2dc4f599c7ad08cedb2601beebd90f609505c73ab05d02eb9bc1cee22bcc07b5 opencensus-impl-core-0.31.0.jar
0c192d451e9dd74e98721b27d02f0e2b6bca44b51563b5dabf2e211f7a3ebf13 opencensus-proto-0.2.0.jar
6b0f9d067260ea3ed6c3960352b80800b993cb3962fa6fb1b6383cd04c3c0874 opentelemetry-api-1.42.1.jar
2d5f478fe5971dc6cc454b483f84151280559f1e1a4b8dabea346fd425b6ad47 opentelemetry-api-incubator-1.42.1-alpha.jar
fc8f47bc94bec89a3dbdbcf631470fb7fd7d3e628b10d43bc376f17ebde4b405 opentelemetry-context-1.42.1.jar
f7b6baddfbbe57f0e3e1e3cc08eb68bb61c29ef6c17898ce7ce35b1f3029d3e6 opentelemetry-gcp-resources-1.37.0-alpha.jar
df28b75c2df629c8971fd4afb59036d4861dc96789e6760a54a4266499ced5fb opentelemetry-sdk-1.42.1.jar
0cb2f9e93291ccfe7099ed424b7616e7e80ee51fdbbff99d2b2365f52428b179 opentelemetry-sdk-common-1.42.1.jar
fe095e16871b942cae7fed6e0b3bbff462111fe62fe31ccd34d7542f8ebcfe90 opentelemetry-sdk-extension-autoconfigure-spi-1.42.1.jar
e8229fe1305ad76a879d2dcccffb189308423fc45602bd20715dae9e52862bc0 opentelemetry-sdk-logs-1.42.1.jar
0144c6f2845c25baab653764b365d178f589cd9d427d8a30ea06dafdf75576c5 opentelemetry-sdk-metrics-1.42.1.jar
23a4ab8ed8cfb32cc3ef3a2bc921eb8e9f2c6c73e0bf184061c68b4fc2c98b02 opentelemetry-sdk-trace-1.42.1.jar
745a86a75ecb5e03f464f05ea2dc76e0f04d07273c5509fa74f393bff9b222b7 opentelemetry-semconv-1.25.0-alpha.jar
c7b478503ec524e55df19b424d46d27c8a68aeb801664fadd4f069b71f52d0f6 perfmark-api-0.27.0.jar
bd46e39d04a3cc0b6cb250e9572782965390ec997c5edf1cb687a95abd40ccbc proto-google-cloud-monitoring-v3-3.31.0.jar
604a82345015edc8a5cdd393a24ada122983f85a497641680c5d073a23b11e57 proto-google-cloud-storage-control-v2-2.44.1.jar
d2a5b572eabaddc1a7af0e5c051af135588ae0f18d921838d673ca18320ce6bc proto-google-cloud-storage-v2-2.44.1-beta.jar
49edeba62f334053b91aa9455c95e38449269891b920dbc36daa74e959a3d89a proto-google-common-protos-2.41.0.jar
b8043312757ffa2ad0f06e21d4de31077a03c9ff403f4f62d69976176be023ff proto-google-iam-v1-1.1.7.jar
e90d8ddb963b20a972a6a59b5093ade2b07cbe546cab3279aaf4383260385f58 protobuf-java-3.25.3.jar
b813c8d6d554cb71c1e82d171d7f80730ae74222a185c863cbedf05072c88155 protobuf-java-util-3.25.3.jar
4f657af51ab8bb0909bcc3eb40862d26125af8cbcf92aaaba595fed77f947bc0 re2j-1.7.jar
0adc3419080c89d1182461214474ed62d9d3777efbc530e101596c9ac271f102 shared-resourcemapping-0.32.0.jar
cdba07964d1bb40a0761485c6b1e8c2f8fd9eb1d19c53928ac0d7f9510105c57 slf4j-api-1.7.30.jar
8b9279cbff6b9f88594efae3cf02039b6995030eec023ed43928748c41670fee slf4j-simple-1.7.30.jar
1467931448a0817696ae2805b7b8b20bfb082652bf9c4efaed528930dc49389b snakeyaml-2.2.jar
2652199af40c9aa2f1782400d2dfbbf4e5226208c4e05ddd4059c3d6d9cd1505 snakeyaml-engine-2.6.jar
55b30c94e5c4cc2d4b6976916098d0678a8a6cc7427fa8c875621bd94e731ac8 snappy-java-1.1.10.4.jar
857917d2319a4e92dc1c5e3aeb75a0dac84445ed315e7ac3d82bb8d2b298977f threetenbp-1.7.0.jar
eb133bd5a945c021c0c05b25c1ed9c7b1c5e55434e4c5ad62aada6d747e876ee util-2.2.26.jar
`;
