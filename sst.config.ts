/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  async app({ stage }) {
    const { stageSettings } = await import('./stacks/stage.ts');
    const { costTags } = await import('./stacks/costs.ts');
    const { removal, protect } = stageSettings(stage);
    return {
      name: 'tenantry',
      version: '4.17.1',
      home: 'aws',
      providers: { aws: { region: 'us-east-1', defaultTags: { tags: costTags('tenantry', stage) } } },
      removal,
      protect,
    };
  },
  async run() {
    const { deploy } = await import('./stacks/deploy.ts');
    return deploy();
  },
});
