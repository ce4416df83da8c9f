// Drives the public npm toolkit as its users do and prints, as JSON, what came of it. Arguments: server, key | user password.
'use strict';
const rally = require('rally');

const [server, first, second] = process.argv.slice(2);
const credentials = second === undefined ? {apiKey: first} : {user: first, pass: second};
const api = rally({server, ...credentials, requestOptions: {headers: {'X-RallyIntegrationName': 'client tests'}}});
const refs = rally.util.ref;
const queries = rally.util.query;

async function main() {
  const said = {};
  const projects = await api.query({type: 'project', fetch: ['Name'], query: queries.where('Name', '=', 'Rider App')});
  const project = refs.getRelative(projects.Results[0]._ref);
  said.project = projects.Results[0].Name;
  const page = await api.query({
    type: 'defect', start: 1, pageSize: 2, limit: 5, fetch: ['FormattedID', 'Name'], order: 'Rank',
    query: queries.where('State', '!=', 'Closed').and('Name', '!=', 'x y'), scope: {project, up: false, down: true},
  });
  said.page = page.Results.map((item) => item.FormattedID);
  said.total = page.TotalResultCount;
  const tag = await api.create({type: 'tag', data: {Name: `node ${process.pid}`}, fetch: ['Name']});
  const made = await api.create({
    type: 'defect', fetch: ['FormattedID', 'Name', 'State'], data: {Name: 'made by node', State: 'Open', Project: project},
  });
  said.made = made.Object.Name;
  const read = await api.get({ref: made.Object._ref, fetch: ['Name', 'State']});
  said.read = [read.Object ? read.Object.Name : read.Name, read.Object ? read.Object.State : read.State];
  const changed = await api.update({ref: made.Object._ref, data: {State: 'Fixed'}, fetch: ['State']});
  said.changed = changed.Object.State;
  await api.add({ref: made.Object._ref, collection: 'Tags', data: [{_ref: refs.getRelative(tag.Object._ref)}]});
  const tagged = await api.query({ref: `${made.Object._ref}/Tags`, fetch: ['Name']});
  said.tagged = tagged.Results.length;
  await api.remove({ref: made.Object._ref, collection: 'Tags', data: [{_ref: refs.getRelative(tag.Object._ref)}]});
  said.untagged = (await api.query({ref: `${made.Object._ref}/Tags`, fetch: ['Name']})).Results.length;
  await api.del({ref: made.Object._ref});
  try {
    await api.get({ref: made.Object._ref});
    said.gone = 'still there';
  } catch (error) {
    said.gone = error.errors ? error.errors[0] : error.message;
  }
  console.log(JSON.stringify(said));
}

main().catch((error) => {
  console.error(error.errors || error);
  process.exit(1);
});
